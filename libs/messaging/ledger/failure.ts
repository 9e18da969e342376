import type { EntityManager } from '@mikro-orm/postgresql';
import { saidAt } from '../../customers/latest-consent.js';
import type { Channel } from '../../customers/channels.js';
import type { EventPayload } from '../../outbox/event-kinds.js';
import { writeEvents } from '../../outbox/write-events.js';
import { query } from '../../persistence/sql.js';
import { errorClasses, type ErrorClass } from '../contract/provider-errors.js';

/** A message that will never arrive, and whose journey it belongs to. */
export interface FailedMessage {
  readonly id: string;
  /** Null outside of a journey, unless a reply to its customer. */
  readonly enrolmentId: string | null;
  readonly channel: Channel;
}

type Why = EventPayload<'message.failed'>['why'];

/** Writes that messages failed for good. The journeys that sent them hear of it and take the next channel; what a person wrote is none of theirs. */
export async function tellOfFailure(tx: EntityManager, failed: readonly FailedMessage[], why: Why, now: Date): Promise<void> {
  if (failed.length === 0) return;
  const messages = await query<{ messageId: string; customerId: string; enrolmentId: string | null; channel: Channel }>(
    tx,
    `select id as "messageId", customer_id as "customerId", case when step is not null then enrolment_id end as "enrolmentId", channel
     from message where id = any($1::uuid[]) order by id`,
    [failed.map(({ id }) => id)],
  );
  await writeEvents(
    tx,
    messages.map(({ customerId, ...message }) => ({ kind: 'message.failed', customerId, payload: { ...message, why } })),
    now,
  );
  await askAgain(tx, failed, why, now);
}

/** Outside of a journey it is the request that tries again, without that channel (`late`: the channel is sound, only its time had passed). */
async function askAgain(tx: EntityManager, failed: readonly FailedMessage[], why: Why, now: Date): Promise<void> {
  await query(
    tx,
    `update message_request q set state = 'waiting', due_at = $2, occurrence = q.occurrence + 1,
       failed = case when $3 then q.failed else array_append(q.failed, f.channel) end
     from unnest($1::uuid[], $4::text[]) as f (id, channel)
     where q.message_id = f.id and q.state = 'planned'`,
    [failed.map(({ id }) => id), now, why === 'late', failed.map(({ channel }) => channel)],
  );
}

/**
 * Acts on what a provider said about an address: a dead one is marked as such, one that opted out is suppressed and its
 * consent withdrawn.
 */
export async function actOnAddress(
  tx: EntityManager,
  failed: readonly { readonly id: string; readonly errorClass: string | null }[],
  now: Date,
): Promise<void> {
  const ending = (what: 'consent' | 'address'): string[] =>
    failed.filter(({ errorClass }) => errorClass !== null && errorClasses[errorClass as ErrorClass].ends === what).map(({ id }) => id);
  const dead = ending('address');
  if (dead.length > 0) {
    await query(
      tx,
      `update contact_point p set dead_at = $2 from message m
       where m.id = any($1::uuid[]) and p.id = m.contact_point_id and p.dead_at is null`,
      [dead, now],
    );
  }
  const optedOut = ending('consent');
  if (optedOut.length > 0) await withdrawConsent(tx, optedOut, now);
}

async function withdrawConsent(tx: EntityManager, messageIds: readonly string[], now: Date): Promise<void> {
  const points = 'from message m join contact_point p on p.id = m.contact_point_id where m.id = any($1::uuid[])';
  await query(
    tx,
    `insert into suppression (id, channel, address_hash, reason, at)
     select distinct on (p.channel, p.address_hash) uuidv7(), p.channel, p.address_hash, 'opt-out', $2::timestamptz ${points}
     on conflict (channel, address_hash) do nothing`,
    [messageIds, now],
  );
  await query(
    tx,
    `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
     select uuidv7(), p.customer_id, p.channel, 'marketing', p.address_hash, false, 'provider', '1', ${saidNow}, 'customer' ${points}`,
    [messageIds, now],
  );
}

const saidNow = saidAt('$2', '$2', { customer: 'p.customer_id', channel: 'p.channel', purpose: "'marketing'", hash: 'p.address_hash' });
