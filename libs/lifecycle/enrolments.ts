import type { EntityManager } from '@mikro-orm/postgresql';
import type { Visit } from '../journeys/effects.js';
import { withdrawPlanned } from '../messaging/ledger/ledger.js';
import type { NewEvent } from '../outbox/event-kinds.js';
import { writeEvents } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import { releaseOffers } from '../offers/settle-offer.js';
import { keepState } from '../campaigns/campaign-lock.js';
import type { Outcome } from '../journeys/outcome.js';
import { offerAtEnd } from '../campaigns/open-offer.js';

/**
 * Writes where a journey went: the steps it reached, the ways it left them by, and where it now waits. The same visits
 * again change nothing; visits that come late do not move it back.
 * @param waitingUntil ms since 1970, null where it waits for nothing
 */
export async function recordProgress(
  tx: EntityManager,
  enrolmentId: string,
  campaignId: string,
  visits: readonly Visit[],
  waitingUntil: number | null,
): Promise<void> {
  await query(
    tx,
    `with visited as (
       insert into step_visit (enrolment_id, ordinal, campaign_id, step, entered_at, label)
       select $1, v.ordinal, $2, v.step, to_timestamp(v.at / 1000), v.label
       from jsonb_to_recordset($3::jsonb) as v (ordinal int, step text, at double precision, label text)
       on conflict (enrolment_id, ordinal) do update set label = coalesce(excluded.label, step_visit.label)
       returning ordinal, step
     )
     update enrolment set waiting_until = $4, step = (
       select step from (select ordinal, step from visited union all select ordinal, step from step_visit where enrolment_id = $1) as all_visits
       order by ordinal desc limit 1)
     where id = $1`,
    [enrolmentId, campaignId, JSON.stringify(visits), waitingUntil === null ? null : new Date(waitingUntil)],
  );
}

/**
 * Ends an enrolment with its outcome: open offers give their cost back, unless a person at the desk has yet to decide about
 * the customer; the journey's planned messages are withdrawn. The first outcome stands; closing again changes nothing.
 */
export async function closeEnrolment(tx: EntityManager, enrolmentId: string, outcome: Outcome, now: Date): Promise<void> {
  // A campaign that is being cancelled withdraws the offers that were left open: it sees this one, or this sees it.
  await keepState(tx, enrolmentId);
  await closeEnrolments(tx, [enrolmentId], outcome, now);
}

/** The same for several at once. */
export async function closeEnrolments(tx: EntityManager, enrolmentIds: readonly string[], outcome: Outcome, now: Date): Promise<void> {
  const closed = await query<{ id: string; customerId: string; campaignId: string; cancelled: boolean; taskWaits: boolean }>(
    tx,
    `update enrolment e set state = 'closed', outcome = $2, closed_at = $3, waiting_until = null from campaign k
     where e.id = any($1::uuid[]) and e.state <> 'closed' and k.id = e.campaign_id
     returning e.id, e.customer_id as "customerId", e.campaign_id as "campaignId", k.state = 'cancelled' as cancelled,
       exists (select from task t where t.customer_id = e.customer_id and t.enrolment_id = e.id and t.closed_at is null) as "taskWaits"`,
    [enrolmentIds, outcome, now],
  );
  if (closed.length === 0) return;
  const fates = Map.groupBy(closed, ({ cancelled, taskWaits }) => (cancelled ? 'withdrawn' : offerAtEnd(outcome, taskWaits)));
  for (const [becomes, those] of fates) if (becomes !== 'open') await releaseOffers(tx, idsOf(those), becomes, now);
  await withdrawPlanned(tx, { enrolmentIds: idsOf(closed) }, now);
  const ended = closed.map(({ id: enrolmentId, customerId, campaignId }) => ({ enrolmentId, customerId, campaignId, outcome }));
  await writeEvents(tx, ended.map(endedEvent), now);
}

/** An enrolment that has just got its outcome. */
export interface EndedEnrolment {
  readonly enrolmentId: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly outcome: string;
}

export const endedEvent = ({ customerId, ...payload }: EndedEnrolment): NewEvent<'enrolment.ended'> => ({
  kind: 'enrolment.ended',
  customerId,
  payload,
});

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/**
 * Whether nothing may be done for the enrolment now: its campaign is paused, or was cancelled and its journey has yet to hear
 * of that. It is then marked held, to be found when the campaign is resumed. One that is closed is held for good.
 */
export async function isHeld(tx: EntityManager, enrolmentId: string): Promise<boolean> {
  await keepState(tx, enrolmentId);
  const held = await query(
    tx,
    `with stopped as (
       update enrolment e set state = 'held' from campaign k
       where e.id = $1 and k.id = e.campaign_id and k.state in ('paused', 'cancelled') and e.state in ('entered', 'held') returning e.id
     )
     select id from stopped union all select id from enrolment where id = $1 and state = 'closed'`,
    [enrolmentId],
  );
  return held.length > 0;
}
