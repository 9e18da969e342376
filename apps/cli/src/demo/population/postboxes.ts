import PostalMime from 'postal-mime';
import { z } from 'zod';
import type { ReceivedMail, ReceivedText } from './answer-channels.js';
import type { Postbox } from './population.js';

const headers = z.record(z.string(), z.array(z.string()));
const mails = z.object({ mails: z.array(z.object({ to: z.array(z.string()), headers, raw: z.string() })), next: z.number() });
const texts = z.object({
  messages: z.array(
    z.object({ direction: z.string(), to: z.string(), from: z.string(), body: z.string(), statusCallback: z.string().nullable() }),
  ),
  next: z.number(),
});

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** A postbox that also remembers which messages of the ledger arrived, once for each arrival. */
export interface WatchedPostbox {
  readonly take: Postbox;
  readonly seen: readonly string[];
}

/** Reads the sink: every mailbox of the demo's people at once. */
export function mailboxes(sink: string): WatchedPostbox {
  let since = 0;
  const seen: string[] = [];
  return {
    seen,
    take: async () => {
      const page = mails.parse(await (await fetch(`${sink}/mails?since=${since}&limit=200`)).json());
      since = page.next;
      const arrived = await Promise.all(page.mails.map(({ to, headers, raw }) => readMail(to, headers, raw)));
      seen.push(...arrived.map(({ messageId }) => idIn(messageId)));
      return arrived;
    },
  };
}

/** Reads the double: every telephone of the demo's people at once. */
export function telephones(double: string): WatchedPostbox {
  let since = 0;
  const seen: string[] = [];
  return {
    seen,
    take: async () => {
      const page = texts.parse(await (await fetch(`${double}/double/messages?since=${since}`)).json());
      since = page.next;
      const arrived = page.messages.filter(({ direction }) => direction === 'outbound-api');
      seen.push(...arrived.map(({ statusCallback }) => idIn(statusCallback ?? '')));
      return arrived.map(({ to, from, body }): ReceivedText => ({ channel: 'sms', to, from, body }));
    },
  };
}

async function readMail(to: readonly string[], named: z.infer<typeof headers>, raw: string): Promise<ReceivedMail> {
  const { subject = '', text = '' } = await PostalMime.parse(raw);
  return {
    channel: 'email',
    to: to[0] ?? '',
    subject,
    text,
    replyTo: named['reply-to']?.[0] ?? '',
    messageId: named['message-id']?.[0] ?? '',
    unsubscribe: named['list-unsubscribe']?.[0]?.match(/<(https?:[^>]+)>/)?.[1],
  };
}

/** Our messages carry their ledger id: in the Message-ID of a mail, in the status callback of a text. */
function idIn(text: string): string {
  return uuid.exec(text)?.[0] ?? text;
}
