import type { EntityManager } from '@mikro-orm/postgresql';
import { channelKinds, type Channel } from '../../channels/table.js';
import { query, queryOne } from '../../persistence/sql.js';
import { conflict, notFound } from '../../platform/problem.js';
import { reportFailures } from './failure.js';
import type { MessageState } from './message.entity.js';

/** What an operator can say of an unknown message, having read the provider's log. */
export const verdicts = ['sent', 'not-sent'] as const;
export type Verdict = (typeof verdicts)[number];

export interface SettledByHand {
  readonly id: string;
  readonly state: MessageState;
  readonly settledBy: string;
}

/**
 * Settles an unknown message by an operator's word. `sent`: accepted, its journey goes on waiting for the answer.
 * `not-sent`: rejected, its journey is notified and takes the next channel.
 * @param by who says so: the id of an api key, or a name
 * @throws Problem if there is no such message, or if it is not unknown
 */
export async function settleByHand(em: EntityManager, messageId: string, as: Verdict, by: string, now: Date): Promise<SettledByHand> {
  return em.transactional(async (tx) => {
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

/** What to do about a message that is in another state; for all others there is nothing to settle. */
const remedies: Partial<Readonly<Record<MessageState, string>>> = {
  planned: 'It was not sent yet: wait, or cancel its campaign.',
  claimed: 'It is about to be sent: look again in a minute.',
  submitting: 'It is with the provider: look again in a minute.',
};

/**
 * What an operator searches the mail server's log for: the Message-ID that every try of a mail has. Null for a channel
 * whose messages carry none: its provider's log is searched by recipient and time.
 */
export function searchFor(channel: Channel, messageId: string, replyDomain: string): string | null {
  return channelKinds.get(channel).providerId?.(messageId, replyDomain) ?? null;
}

export interface UnknownMessage {
  readonly id: string;
  /** Null for what a person at the desk wrote. */
  readonly campaign: string | null;
  readonly channel: Channel;
  readonly enrolmentId: string | null;
  readonly submittedAt: Date | null;
  readonly searchFor: string | null;
  readonly errorCode: string | null;
}

/** Every message that waits for somebody to say whether it was sent, the oldest first. */
export async function listUnknown(em: EntityManager, replyDomain: string): Promise<UnknownMessage[]> {
  const rows = await query<Omit<UnknownMessage, 'searchFor'>>(
    em,
    `select m.id, k.key as campaign, m.channel, m.enrolment_id as "enrolmentId", m.submitted_at as "submittedAt", m.error_code as "errorCode"
     from message m left join campaign k on k.id = m.campaign_id where m.state = 'unknown' order by m.id`,
  );
  return rows.map((row) => ({ ...row, searchFor: searchFor(row.channel, row.id, replyDomain) }));
}
