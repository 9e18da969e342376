import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../customers/contact-point.entity.js';
import { query, queryOne } from '../persistence/sql.js';
import { actOnAddress, tellOfFailure, type FailedMessage } from './failure.js';
import type { MessageState } from './message.entity.js';
import { classifyError } from './provider-errors.js';

/** A message in hand: whoever marks or settles it must show the fence it was claimed with. */
export interface ClaimedMessage {
  readonly id: string;
  readonly fence: number;
  /** How often it had been submitted before. */
  readonly attempts: number;
}

/** Of an address: it may no longer be written to. Aliases: m message, p contact_point, c customer. */
const barred = `
  p.dead_at is not null
  or exists (select from suppression s where s.channel = p.channel and s.address_hash = p.address_hash)
  or (m.purpose = 'marketing' and c.objected_at is not null)
  or coalesce((select e.granted from consent_event e
               where e.customer_id = m.customer_id and e.channel = m.channel and e.purpose = m.purpose and e.address_hash = p.address_hash
               order by e.at desc, e.id desc limit 1), m.purpose <> 'marketing') = false`;

/**
 * Claims planned messages of campaigns that run, whose time has come and has not passed, oldest first. What may no
 * longer be sent to its address is withdrawn in the same statement, and its journey told in the same transaction.
 * @param leaseMs how long the claim holds, in campaign milliseconds; longer than a provider may take to answer
 */
export async function claim(tx: EntityManager, channel: Channel, limit: number, leaseMs: number, now: Date): Promise<ClaimedMessage[]> {
  const rows = await query<ClaimedMessage & FailedMessage & { state: string }>(
    tx,
    `with due as (
         select m.id from message m join campaign k on k.id = m.campaign_id
         where m.channel = $1 and m.state = 'planned' and m.not_before <= $3 and m.send_before > $3 and k.state in ('live', 'completed')
         order by m.not_before, m.id limit $2 for update of m skip locked
       ), judged as (
         select m.id, (${barred}) as barred
         from due join message m on m.id = due.id join contact_point p on p.id = m.contact_point_id join customer c on c.id = m.customer_id
       )
       update message m set
         state = case when j.barred then 'withdrawn' else 'claimed' end,
         fence = m.fence + 1,
         lease_until = case when j.barred then null else $4::timestamptz end,
         settled_at = case when j.barred then $3::timestamptz end
       from judged j where m.id = j.id
       returning m.id, m.fence, m.attempts, m.state, m.enrolment_id as "enrolmentId", m.channel`,
    [channel, limit, now, new Date(now.getTime() + leaseMs)],
  );
  await tellOfFailure(
    tx,
    rows.filter((row) => row.state === 'withdrawn'),
    'rejected',
    now,
  );
  return rows.filter((row) => row.state === 'claimed').map(({ id, fence, attempts }) => ({ id, fence, attempts }));
}

/**
 * Marks claimed messages as being submitted. To be committed before any of them is handed to a provider: from here on a
 * crash leaves them unknown.
 * @returns the ids that may be submitted; those withdrawn meanwhile, out of time or claimed anew by others are not among them
 */
export async function markSubmitting(
  em: EntityManager,
  batch: readonly Pick<ClaimedMessage, 'id' | 'fence'>[],
  leaseMs: number,
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = await query<{ id: string }>(
    em,
    `update message m set state = 'submitting', attempts = m.attempts + 1, submitted_at = $3, lease_until = $4
     from unnest($1::uuid[], $2::bigint[]) as b (id, fence)
     where m.id = b.id and m.fence = b.fence and m.state = 'claimed' and m.lease_until > $3 and m.send_before > $3
     returning m.id`,
    [batch.map(({ id }) => id), batch.map(({ fence }) => fence), now, new Date(now.getTime() + leaseMs)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** How many messages a sweep takes in hand at a time. */
const sweepLimit = 1_000;

export interface Swept {
  readonly released: number;
  readonly unknown: number;
  readonly late: number;
}

/**
 * Puts right what a crash or a pause left behind: claims whose lease ran out are planned again, submissions whose lease
 * ran out are unknown (never sent again), and planned messages whose time has passed are late, which their journeys hear.
 */
export async function sweep(em: EntityManager, now: Date): Promise<Swept> {
  return em.transactional(async (tx) => {
    const expired = (state: string): string =>
      `select id from message where state = '${state}' and lease_until <= $1 order by id limit ${sweepLimit} for update skip locked`;
    const released = await query(
      tx,
      `update message set state = 'planned', lease_until = null where id in (${expired('claimed')}) returning id`,
      [now],
    );
    const unknown = await query(
      tx,
      `update message set state = 'unknown', lease_until = null, settled_at = $1, error_class = 'ambiguous', error_code = 'lease-expired'
       where id in (${expired('submitting')}) returning id`,
      [now],
    );
    const late = await query<FailedMessage>(
      tx,
      `update message set state = 'late', settled_at = $1
       where id in (select id from message where state = 'planned' and send_before <= $1 order by id limit ${sweepLimit} for update skip locked)
       returning id, enrolment_id as "enrolmentId", channel`,
      [now],
    );
    await tellOfFailure(tx, late, 'late', now);
    return { released: released.length, unknown: unknown.length, late: late.length };
  });
}

/**
 * Takes back what has not been submitted yet: planned messages, and claimed ones (their claimer then finds that it may
 * not submit them). The caller knows why and tells the journey.
 * @returns how many were taken back
 */
export async function withdrawPlanned(
  tx: EntityManager,
  where:
    | { readonly customerId: string; readonly channel?: Channel | undefined }
    | { readonly enrolmentId: string }
    | { readonly campaignId: string },
  now: Date,
): Promise<number> {
  const columns = { customerId: 'customer_id', channel: 'channel', enrolmentId: 'enrolment_id', campaignId: 'campaign_id' } as const;
  const conditions = (Object.entries(where) as [keyof typeof columns, string | undefined][]).filter(([, value]) => value !== undefined);
  const rows = await query(
    tx,
    `update message set state = 'withdrawn', lease_until = null, settled_at = $1
     where state in ('planned', 'claimed') and ${conditions.map(([key], index) => `${columns[key]} = $${index + 2}`).join(' and ')}
     returning id`,
    [now, ...conditions.map(([, value]) => value)],
  );
  return rows.length;
}

/** What a provider reports about a message that it was given. */
export interface DeliveryReport {
  readonly channel: Channel;
  readonly providerId: string;
  /** Where the report carries our own id: it finds a message whose submission was never answered. */
  readonly messageId: string | null;
  readonly status: 'accepted' | 'delivered' | 'bounced' | 'rejected';
  readonly errorCode: string | null;
  readonly now: Date;
}

/**
 * Reports come twice and out of order: a message only ever moves up. What was not known to have been accepted is 0 (a
 * report about it heals it, and keeps a planned one from being sent twice), what has ended is 2.
 */
const ranks: Readonly<Record<MessageState, number>> = {
  planned: 0,
  claimed: 0,
  submitting: 0,
  unknown: 0,
  late: 0,
  withdrawn: 0,
  accepted: 1,
  delivered: 2,
  bounced: 2,
  rejected: 2,
};

/**
 * Records a delivery report. A bounce or a late rejection acts on the address and lets the journey know.
 * @returns false where nothing changed: it is no message of ours, was reported before, or had ended already
 */
export async function recordDelivery(tx: EntityManager, report: DeliveryReport): Promise<boolean> {
  const { channel, providerId, messageId, status, errorCode, now } = report;
  const message = await queryOne<{ id: string; enrolmentId: string; state: MessageState }>(
    tx,
    `select id, enrolment_id as "enrolmentId", state from message
     where channel = $1 and (provider_id = $2 or (id = $3::uuid and provider_id is null))
     order by provider_id nulls last limit 1 for update`,
    [channel, providerId, messageId],
  );
  if (message === undefined || ranks[status] <= ranks[message.state]) return false;

  const failed = status === 'bounced' || status === 'rejected';
  const errorClass = failed ? classifyError(channel, ...(errorCode === null ? [] : [errorCode])) : null;
  await query(
    tx,
    `update message set state = $2, provider_id = $3, error_class = $4, error_code = $5, lease_until = null, settled_at = coalesce(settled_at, $6)
     where id = $1`,
    [message.id, status, providerId, errorClass, failed ? errorCode : null, now],
  );
  if (failed) {
    await actOnAddress(tx, [{ id: message.id, errorClass }], now);
    await tellOfFailure(tx, [{ id: message.id, enrolmentId: message.enrolmentId, channel }], status, now);
  }
  return true;
}
