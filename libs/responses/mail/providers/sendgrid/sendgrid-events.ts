import { z } from 'zod';
import { judgeFailure } from '../../../../channels/bounces/failure.js';
import { Problem } from '../../../../platform/problem.js';
import { eventId, type Incoming, type MailAdapter, type Outside } from '../inbound-adapter.js';
import { cluesOfMessageId } from '../../which-message/inbound-clues.js';
import { createSendgridVerifier } from './sendgrid-signature.js';

const shortText = z.string().max(2_000).optional().catch(undefined);
const event = z.object({
  event: z.string(),
  sg_event_id: eventId,
  /** The Message-ID that the mail was handed over with. */
  'smtp-id': shortText,
  reason: shortText,
  status: shortText,
  type: shortText,
});
type Event = z.infer<typeof event>;

/** What each event says. A program may open or click too, so those are ignored. */
const readers: Readonly<Record<string, (event: Event) => Incoming>> = {
  processed: delayed,
  deferred: delayed,
  delivered: (one) => ({ kind: 'delivery', clues: cluesOf(one), outcome: { status: 'delivered' } }),
  bounce: (one) => {
    // `blocked`: this mail was turned away, which says nothing of the address unless its code does.
    const status = one.status ?? (one.type === 'blocked' ? '4.0.0' : undefined);
    return { kind: 'delivery', clues: cluesOf(one), outcome: { status: 'bounced', ...judgeFailure({ status, words: one.reason }) } };
  },
  dropped: (one) => ({ kind: 'delivery', clues: cluesOf(one), outcome: { status: 'rejected', code: droppedFor(one.reason) } }),
  spamreport: (one) => feedback(one, 'complaint'),
  unsubscribe: (one) => feedback(one, 'opt-out'),
  group_unsubscribe: (one) => feedback(one, 'opt-out'),
};

/**
 * SendGrid's Event Webhook: what became of mails that went out through it, many events in one call. An event that cannot be
 * read, or whose kind is not known, keeps none of the others out. Signed with the key of the Event Webhook.
 */
export function sendgridEvents(publicKey: string, { now }: Outside): MailAdapter {
  const expectSigned = createSendgridVerifier(publicKey, 'PERENNIAL_SENDGRID_EVENTS_KEY', now);
  return (call) => {
    expectSigned(call);
    return Promise.resolve({ incoming: readBatch(call.body).flatMap(readEvent) });
  };
}

function readBatch(body: Buffer): readonly unknown[] {
  try {
    return z.array(z.unknown()).parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new Problem('invalid', 'The body is not one that SendGrid sends');
  }
}

function readEvent(given: unknown): Incoming[] {
  const one = event.safeParse(given).data;
  const read = one !== undefined && Object.hasOwn(readers, one.event) ? readers[one.event] : undefined;
  return one === undefined || read === undefined ? [] : [read(one)];
}

/** Nothing is settled yet: the provider has it, or tries again. */
function delayed(one: Event): Incoming {
  return { kind: 'delivery', clues: cluesOf(one), outcome: { status: 'delayed' } };
}

function feedback(one: Event, answer: 'complaint' | 'opt-out'): Incoming {
  return { kind: 'feedback', sourceId: one.sg_event_id, clues: cluesOf(one), feedback: { answer, mailFrom: undefined } };
}

function cluesOf(one: Event): ReturnType<typeof cluesOfMessageId> {
  return cluesOfMessageId(one['smtp-id']);
}

/** "Bounced Address" is `dropped-bounced-address` in the table of error codes. */
function droppedFor(reason = ''): string {
  return `dropped-${reason
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .slice(0, 40)}`;
}
