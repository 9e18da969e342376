import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import { channelKinds, type Channel } from '../../channels/table.js';
import type { DeliveryReport } from '../contract/delivery-report.js';
import type { ProviderOptOut } from '../contract/opt-out.js';
import { query, queryOne } from '../../persistence/sql.js';
import { sending, type ClaimedMessage } from './claim.js';
import { actOnAddress, reportFailures, type FailedMessage } from './failure.js';
import type { MessageState } from './message.entity.js';
import { classifyError, errorsOf } from '../../channels/contract/provider-errors.js';

/**
 * Marks claimed messages as being submitted. Commit it before a provider may get any of them: from then on a crash leaves them unknown.
 * @returns the ids that may be submitted; not those that were withdrawn in the meantime, are late, were claimed again by others, or belong
 * to a paused campaign
 */
export async function markSubmitting(
  em: EntityManager,
  batch: readonly Pick<ClaimedMessage, 'id' | 'fence'>[],
  leaseMs: number,
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = await query<{ id: string }>(em, markStatement, [
    batch.map(({ id }) => id),
    batch.map(({ fence }) => fence),
    now,
    new Date(now.getTime() + leaseMs),
  ]);
  return new Set(rows.map(({ id }) => id));
}

/**
 * $1 ids, $2 their fences, $3 now, $4 end of the lease. `is true` keeps PostgreSQL from looking for messages by their state: while a queue
 * is processed, the indexes by state are full of rows that have just changed state, and the statistics do not know that.
 */
const markStatement = `
  update message m set state = 'submitting', attempts = m.attempts + 1, submitted_at = $3, lease_until = $4
  from unnest($1::uuid[], $2::bigint[]) as b (id, fence)
  where m.id = b.id and m.fence = b.fence and (m.state = 'claimed') is true and m.lease_until > $3 and m.send_before > $3
    and (m.campaign_id is null or exists (select from campaign k where k.id = m.campaign_id and k.state in ${sending}))
  returning m.id`;

/** How many messages a sweep handles at a time. */
const sweepLimit = 1_000;

export interface Swept {
  readonly released: number;
  readonly unknown: number;
  readonly late: number;
}

/**
 * Cleans up after a crash or a pause: claims whose lease ended are planned again, submissions whose lease ended become unknown (never sent
 * again), and planned messages whose time has passed become late, and their journeys are notified.
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
    await reportFailures(tx, late, 'late', now);
    return { released: released.length, unknown: unknown.length, late: late.length };
  });
}

/**
 * Withdraws messages that have not been submitted yet: planned ones, and claimed ones (their claimer then finds that it may not submit
 * them). The caller knows why and notifies the journey. A person's reply does not belong to a journey and is not withdrawn.
 * @returns how many were withdrawn
 */
export async function withdrawPlanned(
  tx: EntityManager,
  where:
    | { readonly customerId: string; readonly channel?: Channel | undefined; readonly purpose?: Purpose | undefined }
    | { readonly enrolmentIds: readonly string[] }
    | { readonly campaignId: string },
  now: Date,
): Promise<number> {
  const columns = {
    customerId: 'customer_id',
    channel: 'channel',
    purpose: 'purpose',
    enrolmentIds: 'step is not null and enrolment_id',
    campaignId: 'campaign_id',
  } as const;
  const conditions = (Object.entries(where) as [keyof typeof columns, string | readonly string[] | undefined][]).filter(
    ([, value]) => value !== undefined,
  );
  const rows = await query(
    tx,
    `update message set state = 'withdrawn', lease_until = null, settled_at = $1
     where state in ('planned', 'claimed') and ${conditions.map(([key, value], index) => `${columns[key]} = ${Array.isArray(value) ? `any($${index + 2}::uuid[])` : `$${index + 2}`}`).join(' and ')}
     returning id`,
    [now, ...conditions.map(([, value]) => value)],
  );
  return rows.length;
}

/** Ends the time in which a customer's planned messages may be sent: the sweep marks them as late, and their journeys plan them again. */
export async function endTimeToSend(tx: EntityManager, customerId: string, now: Date): Promise<void> {
  await query(tx, `update message set send_before = $2 where customer_id = $1 and state in ('planned', 'claimed') and send_before > $2`, [
    customerId,
    now,
  ]);
}

/** Releases messages that a dispatcher has claimed for these contact points but not submitted: the next claim uses the present address. */
export async function releaseClaims(tx: EntityManager, contactPointIds: readonly string[]): Promise<void> {
  if (contactPointIds.length === 0) return;
  await query(
    tx,
    `update message set state = 'planned', lease_until = null where contact_point_id = any($1::uuid[]) and state = 'claimed'`,
    [contactPointIds],
  );
}

/**
 * Reports come twice and out of order, so a message only moves to a higher rank. Not known to be accepted is 0 (a report settles it, and
 * keeps a planned one from being sent twice), ended is 2.
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

/** One that was assumed not to be sent, without a report, is not known to have ended. */
function rankOf({ state, errorClass }: { readonly state: MessageState; readonly errorClass: string | null }): number {
  return state === 'rejected' && errorClass === 'ambiguous' ? 0 : ranks[state];
}

/**
 * Records a delivery report. A bounce or a late rejection acts on the address and notifies the journey.
 * @param optedOut called if the provider blocks the address after an opt-out
 * @returns false if nothing changed: it is not one of our messages, was reported before, or had already ended
 */
export async function recordDelivery(tx: EntityManager, report: DeliveryReport, optedOut: ProviderOptOut): Promise<boolean> {
  const { channels, providerId, messageId, status, errorCode, now } = report;
  const message = await queryOne<{
    id: string;
    channel: Channel;
    enrolmentId: string | null;
    state: MessageState;
    errorClass: string | null;
  }>(
    tx,
    `select id, channel, enrolment_id as "enrolmentId", state, error_class as "errorClass" from message
     where channel = any($1::text[]) and (provider_id = $2 or (id = $3::uuid and provider_id is null))
     order by provider_id nulls last limit 1 for update`,
    [channels, providerId, messageId],
  );
  if (message === undefined || ranks[status] <= rankOf(message)) return false;

  const { channel } = message;
  const failed = status === 'bounced' || status === 'rejected';
  const errorClass = failed
    ? (report.errorClass ??
      classifyError(errorsOf(channel, channelKinds.get(channel).usual?.errors), ...(errorCode === null ? [] : [errorCode])))
    : null;
  await query(
    tx,
    `update message set state = $2, provider_id = $3, error_class = $4, error_code = $5, lease_until = null,
       settled_at = coalesce(settled_at, $6), settled_by = case when state = 'unknown' then 'report' else settled_by end
     where id = $1`,
    [message.id, status, providerId, errorClass, failed ? errorCode : null, now],
  );
  if (failed) {
    await actOnAddress(tx, [{ id: message.id, errorClass }], optedOut, now);
    await reportFailures(tx, [{ id: message.id, enrolmentId: message.enrolmentId, channel }], status, now);
  }
  return true;
}
