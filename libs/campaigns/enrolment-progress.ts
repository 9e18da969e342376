import type { EntityManager } from '@mikro-orm/postgresql';
import type { Visit } from '../journeys/effects.js';
import type { Outcome } from '../journeys/outcome.js';
import { query, queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import { isInside } from './underway.js';

/**
 * Writes the progress of a journey: the steps it reached, the ways by which it left them, and where it now waits. The same visits again
 * change nothing, and late visits do not move it back. If an interrupted attempt went another way, this way replaces it.
 * @param waitingUntil ms since 1970, null if it waits for nothing
 */
export async function recordProgress(
  tx: EntityManager,
  enrolmentId: string,
  campaignId: string,
  visits: readonly Visit[],
  waitingUntil: number | null,
): Promise<void> {
  const last = visits.at(-1);
  const until = waitingUntil === null ? null : new Date(waitingUntil);
  const written = await queryOne<{ elsewhere: boolean | null }>(
    tx,
    `with visited as (
       insert into step_visit (enrolment_id, ordinal, campaign_id, step, entered_at, label)
       select $1, v.ordinal, $2, v.step, to_timestamp(v.at / 1000), v.label
       from jsonb_to_recordset($3::jsonb) as v (ordinal int, step text, at double precision, label text)
       on conflict (enrolment_id, ordinal) do update set step = excluded.step, entered_at = excluded.entered_at,
         label = case when step_visit.step = excluded.step then coalesce(excluded.label, step_visit.label) else excluded.label end
       returning old.step <> new.step or old.label <> new.label as elsewhere
     )
     update enrolment set waiting_until = $4, step = coalesce(
       (select step from step_visit where enrolment_id = $1 and ordinal > $5 order by ordinal desc limit 1), $6, step)
     where id = $1 returning (select bool_or(elsewhere) from visited) as elsewhere`,
    [enrolmentId, campaignId, JSON.stringify(visits), until, last?.ordinal ?? 0, last?.step ?? null],
  );
  if (written?.elsewhere === true && last !== undefined) await forgetLaterVisits(tx, enrolmentId, last);
}

/** An earlier, interrupted attempt went another way: its visits after this one did not happen. */
async function forgetLaterVisits(tx: EntityManager, enrolmentId: string, { ordinal, step }: Visit): Promise<void> {
  await query(
    tx,
    `with forgotten as (delete from step_visit where enrolment_id = $1 and ordinal > $2)
     update enrolment set step = $3 where id = $1`,
    [enrolmentId, ordinal, step],
  );
}

/** An enrolment whose journey is being advanced. */
export interface OpenedEnrolment {
  readonly campaignId: string;
  readonly customerId: string;
  readonly versionId: string;
  readonly enteredAt: Date;
  readonly measureAt: Date;
  /** Null while it is open. */
  readonly outcome: Outcome | null;
  /** An earlier wake, or an earlier transaction of this one, has committed something. */
  readonly begun: boolean;
}

/**
 * Locks an enrolment and its campaign's state until the transaction ends: nobody else advances its journey, and the campaign is not paused,
 * resumed or cancelled in the meantime. The enrolment's row is locked before the state, as everywhere. The transaction runs the same short
 * statements as every other wake, so one plan for all parameters saves planning time (decision 0011).
 * @throws Problem not-found if the enrolment does not exist or has not entered
 */
export async function openEnrolment(tx: EntityManager, enrolmentId: string): Promise<OpenedEnrolment> {
  const row = await queryOne<OpenedEnrolment>(
    tx,
    `with locked as materialized (
       select campaign_id, customer_id, version_id, entered_at, measure_at, outcome, step is not null as begun from enrolment
       where id = $1 and entered_at is not null for no key update
     )
     select campaign_id as "campaignId", customer_id as "customerId", version_id as "versionId", entered_at as "enteredAt",
            measure_at as "measureAt", outcome, begun, pg_advisory_xact_lock_shared(hashtextextended('campaign-state:' || campaign_id, 0)),
            set_config('plan_cache_mode', 'force_generic_plan', true)
     from locked`,
    [enrolmentId],
  );
  if (row === undefined) throw notFound('entered enrolment', enrolmentId);
  return row;
}

/**
 * Whether nothing may be done for the enrolment now: its campaign is paused, or was cancelled and its journey does not know it yet. The
 * enrolment is then marked, so that a resume finds it. A closed enrolment counts as paused for ever. Call it after `openEnrolment` in the
 * same transaction.
 */
export async function isPaused(tx: EntityManager, enrolmentId: string): Promise<boolean> {
  const states = await queryOne<{ stopped: boolean; inside: boolean }>(
    tx,
    `select k.state in ('paused', 'cancelled') as stopped, ${isInside('e')} as inside
     from enrolment e join campaign k on k.id = e.campaign_id where e.id = $1`,
    [enrolmentId],
  );
  if (states?.inside !== true) return true;
  if (states.stopped) await query(tx, `update enrolment set state = 'paused' where id = $1`, [enrolmentId]);
  return states.stopped;
}

/** Lets the enrolments continue that a pause had stopped. */
export async function releasePaused(tx: EntityManager, ids: readonly string[]): Promise<void> {
  await query(tx, `update enrolment set state = 'entered' where id = any($1::uuid[]) and state = 'paused'`, [ids]);
}

/** An enrolment that was just closed, and the facts that decide about its offers. */
export interface ClosedEnrolment {
  readonly id: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly cancelled: boolean;
  /** An answer of the customer waits at the desk. */
  readonly taskWaits: boolean;
}

/** Writes the outcome of enrolments that have none yet: the first outcome is kept. `closeEnrolments` does what follows from it. */
export async function writeOutcome(
  tx: EntityManager,
  enrolmentIds: readonly string[],
  outcome: Outcome,
  now: Date,
): Promise<ClosedEnrolment[]> {
  return query<ClosedEnrolment>(
    tx,
    `update enrolment e set state = 'closed', outcome = $2, closed_at = $3, waiting_until = null from campaign k
     where e.id = any($1::uuid[]) and e.state <> 'closed' and k.id = e.campaign_id
     returning e.id, e.customer_id as "customerId", e.campaign_id as "campaignId", k.state = 'cancelled' as cancelled,
       exists (select from task t where t.customer_id = e.customer_id and t.enrolment_id = e.id and t.closed_at is null) as "taskWaits"`,
    [enrolmentIds, outcome, now],
  );
}
