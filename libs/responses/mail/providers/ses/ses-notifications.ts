import { z } from 'zod';
import { judgeFailure } from '../../../../channels/bounces/failure.js';
import { Problem } from '../../../../platform/problem.js';
import type { Clues } from '../../which-message/inbound-clues.js';
import { eventId, type Incoming, type MailAdapter, type Outside } from '../inbound-adapter.js';
import { readMail } from '../../reading/read-mail.js';
import { createSnsVerifier, isSnsAddress } from './ses-sns.js';

const header = z.object({ name: z.string(), value: z.string() });
const mail = z.object({
  messageId: eventId,
  /** The sender of the envelope. */
  source: z.string().default(''),
  /** Of a mail of ours, as it was handed over; not there unless the notifications are set to hold them. */
  headers: z.array(header).optional(),
});
const bounced = z.object({ status: z.string().optional(), diagnosticCode: z.string().optional() });

const kinds = {
  Received: z.object({ mail, receipt: z.object({ recipients: z.array(z.string()).max(100) }), content: z.string() }),
  Bounce: z.object({ mail, bounce: z.object({ bounceType: z.string(), bouncedRecipients: z.array(bounced) }) }),
  Complaint: z.object({ mail, complaint: z.object({ feedbackId: eventId, complaintFeedbackType: z.string().nullish() }) }),
  Delivery: z.object({ mail }),
} as const;

/** The content of each notification. */
const readers: Readonly<Record<keyof typeof kinds, (content: unknown) => Promise<readonly Incoming[]>>> = {
  Received: async (content) => {
    const { mail: given, receipt, content: text } = read('Received', content);
    const raw = Buffer.from(text, text.includes(':') ? 'utf8' : 'base64'); // Every mail has a colon in its headers, base64 has none.
    const parsed = await readMail(raw, given.source).catch(() => {
      throw new Problem('invalid', 'The mail cannot be read');
    });
    return [{ kind: 'mail', sourceId: given.messageId, enveloped: { to: receipt.recipients, mail: parsed } }];
  },
  Bounce: (content) => {
    const { mail: about, bounce } = read('Bounce', content);
    const recipient = bounce.bouncedRecipients[0];
    const status = recipient?.status ?? (bounce.bounceType === 'Permanent' ? '5.0.0' : '4.0.0');
    const failure = judgeFailure({ status, words: recipient?.diagnosticCode });
    return Promise.resolve([{ kind: 'delivery', clues: cluesOf(about), outcome: { status: 'bounced', ...failure } }]);
  },
  Complaint: (content) => {
    const { mail: about, complaint } = read('Complaint', content);
    const answer = complaint.complaintFeedbackType === 'not-spam' ? null : 'complaint';
    const feedback = { answer, mailFrom: undefined } as const;
    return Promise.resolve([{ kind: 'feedback', sourceId: complaint.feedbackId, clues: cluesOf(about), feedback }]);
  },
  Delivery: (content) =>
    Promise.resolve([{ kind: 'delivery', clues: cluesOf(read('Delivery', content).mail), outcome: { status: 'delivered' } }]),
};

/**
 * Amazon SES by SNS: mail that a receipt rule's SNS action hands over, content included, and the notifications of what became of mails that
 * went out through SES. The subscription to the configured topic is confirmed automatically.
 */
export function sesNotifications(topic: string, { fetchText }: Outside): MailAdapter {
  const open = createSnsVerifier(topic, fetchText);
  return async ({ body }) => {
    const message = await open(body);
    if (message.Type === 'SubscriptionConfirmation') await confirm(message.SubscribeURL, fetchText);
    return { incoming: message.Type === 'Notification' ? await readNotification(message.Message) : [] };
  };
}

async function confirm(url: string | undefined, fetchText: (url: string) => Promise<string>): Promise<void> {
  if (url === undefined || !isSnsAddress(url)) throw new Problem('invalid', 'The subscription cannot be confirmed at this address');
  await fetchText(url).catch(() => {
    throw new Problem('unavailable', 'The subscription could not be confirmed');
  });
}

async function readNotification(text: string): Promise<readonly Incoming[]> {
  const content = parseJson(text);
  const type = z.object({ notificationType: z.string().optional(), eventType: z.string().optional() }).safeParse(content).data;
  const name = type?.notificationType ?? type?.eventType ?? '';
  // SES says hello when notifications are set up, and knows kinds that say nothing.
  return Object.hasOwn(readers, name) ? readers[name as keyof typeof readers](content) : [];
}

function read<Kind extends keyof typeof kinds>(kind: Kind, content: unknown): z.infer<(typeof kinds)[Kind]> {
  const parsed = kinds[kind].safeParse(content);
  if (!parsed.success) throw new Problem('invalid', `The notification is not a ${kind} that SES sends`);
  return parsed.data as z.infer<(typeof kinds)[Kind]>;
}

/** SES gives mails a Message-ID of its own; ours is in the headers as they were handed over, and the return path is ours. */
function cluesOf({ source, headers = [] }: z.infer<typeof mail>): Clues {
  return { addresses: [source], headers: new Map(headers.map(({ name, value }) => [name.toLowerCase(), value])) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
