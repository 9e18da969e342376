import type { EntityManager } from '@mikro-orm/postgresql';
import { channelKinds, type Channel } from '../../channels/table.js';
import { retriedTransaction } from '../../persistence/retried.js';
import { query, queryOne } from '../../persistence/sql.js';
import { conflict, notFound } from '../../platform/problem.js';
import { reportFailures } from './failure.js';
import type { MessageState } from './message.entity.js';

/** What an operator can state about an unknown message, after reading the provider's log. */
export const verdicts = ['sent', 'not-sent'] as const;
export type Verdict = (typeof verdicts)[number];

export interface SettledByHand {
  readonly id: string;
  readonly state: MessageState;
  readonly settledBy: string;
}

/**
 * Settles an unknown message by an operator's statement. `sent`: accepted, and its journey continues to wait for the answer. `not-sent`:
 * rejected, and its journey is notified and uses the next channel.
 * @param by who states it: the id of an API key, or a name
 * @throws Problem if there is no such message, or if it is not unknown
 */
export async function settleByHand(em: EntityManager, messageId: string, as: Verdict, by: string, now: Date): Promise<SettledByHand> {
  return retriedTransaction(em, 5, async (tx) => {
    const message = await queryOne<{ enrolmentId: string | null; channel: Channel; state: MessageState }>(
      tx,
      'select enrolment_id as "enrolmentId", channel, state from message where id = $1 for update',
      [messageId],
    );
    if (message === undefined) throw notFound('message', messageId);
    const { enrolmentId, channel, state } = message;
    if (state !== 'unknown') throw conflict(`The message is ${state}, not unknown`, remedies[state] ?? 'There is nothing to settle.');

    const settled = as === 'sent' ? 'accepted' : 'rejected';
    await query(
      tx,
      `update message set state = $2, error_class = $3, error_code = $4, settled_by = $5, settled_at = $6, lease_until = null where id = $1`,
      [messageId, settled, ...(as === 'sent' ? [null, null] : ['ambiguous', 'not-sent']), by, now],
    );
    if (as === 'not-sent') await reportFailures(tx, [{ id: messageId, enrolmentId, channel }], 'rejected', now);
    return { id: messageId, state: settled, settledBy: by };
  });
}

/** The advice for messages in other states; for all others there is nothing to settle. */
const remedies: Partial<Readonly<Record<MessageState, string>>> = {
  planned: 'It was not sent yet: wait, or cancel its campaign.',
  claimed: 'It is about to be sent: look again in a minute.',
  submitting: 'It is with the provider: look again in a minute.',
};

/**
 * The Message-ID by which an operator searches the mail server's log; every attempt of a mail has the same. Null for a channel without such
 * an id: its provider's log is searched by recipient and time.
 */
export function searchFor(channel: Channel, messageId: string, replyDomain: string): string | null {
  return channelKinds.get(channel).providerId?.(messageId, replyDomain) ?? null;
}

export interface UnknownMessage {
  readonly id: string;
  /** Null for a reply of a person at the desk. */
  readonly campaign: string | null;
  readonly channel: Channel;
  readonly enrolmentId: string | null;
  readonly submittedAt: Date | null;
  readonly searchFor: string | null;
  readonly errorCode: string | null;
}

/** Every message for which somebody has to state whether it was sent, the oldest first. */
export async function listUnknown(em: EntityManager, replyDomain: string): Promise<UnknownMessage[]> {
  const rows = await query<Omit<UnknownMessage, 'searchFor'>>(
    em,
    `select m.id, k.key as campaign, m.channel, m.enrolment_id as "enrolmentId", m.submitted_at as "submittedAt", m.error_code as "errorCode"
     from message m left join campaign k on k.id = m.campaign_id where m.state = 'unknown' order by m.id`,
  );
  return rows.map((row) => ({ ...row, searchFor: searchFor(row.channel, row.id, replyDomain) }));
}
