import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import { markDead } from '../../customers/write-contact-points.js';
import type { EventPayload } from '../../outbox/event-kinds.js';
import { writeEvents } from '../../outbox/write-events.js';
import { query } from '../../persistence/sql.js';
import type { ProviderOptOut, SpokenFor } from '../contract/opt-out.js';
import { errorClasses, type ErrorClass } from '../../channels/contract/provider-errors.js';

/** A message that will never arrive, and its journey. */
export interface FailedMessage {
  readonly id: string;
  /** Null outside of a journey, unless it is a reply to a customer of a journey. */
  readonly enrolmentId: string | null;
  readonly channel: Channel;
}

type Why = EventPayload<'message.failed'>['why'];

/**
 * Records that messages failed permanently. The journeys that sent them are notified and use the next channel; a person's reply does not
 * belong to a journey.
 */
export async function reportFailures(tx: EntityManager, failed: readonly FailedMessage[], why: Why, now: Date): Promise<void> {
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

/** Outside of a journey the request tries again, without that channel (`late`: the channel works, only the message's time had passed). */
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
 * Acts on what a provider reported about an address: a dead address is marked, and `optedOut` handles an opt-out. It is the address that
 * the message was sent to, which may no longer be the customer's.
 */
export async function actOnAddress(
  tx: EntityManager,
  failed: readonly { readonly id: string; readonly errorClass: string | null }[],
  optedOut: ProviderOptOut,
  now: Date,
): Promise<void> {
  const ending = (what: 'consent' | 'address'): string[] =>
    failed.filter(({ errorClass }) => errorClass !== null && errorClasses[errorClass as ErrorClass].ends === what).map(({ id }) => id);
  const [dead, ended] = [ending('address'), ending('consent')];
  if (dead.length + ended.length === 0) return;
  const addresses = await query<SpokenFor & { messageId: string; pointId: string | null }>(
    tx,
    `select m.id as "messageId", m.channel, p.id as "pointId", coalesce(m.address_hash, p.address_hash) as "addressHash"
     from message m left join contact_point p on p.id = m.contact_point_id
     where m.id = any($1::uuid[]) and coalesce(m.address_hash, p.address_hash) is not null`,
    [[...dead, ...ended]],
  );
  await markDead(
    tx,
    addresses.flatMap(({ messageId, pointId, addressHash }) =>
      pointId !== null && dead.includes(messageId) ? [{ id: pointId, addressHash }] : [],
    ),
    now,
  );
  const gone = addresses.filter(({ messageId }) => ended.includes(messageId));
  if (gone.length > 0) await optedOut(tx, gone, now);
}
