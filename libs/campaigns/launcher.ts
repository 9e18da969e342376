import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import type { Arm } from './enrolment.entity.js';
import { lockCampaign } from './campaign-lock.js';
import { noteGoalsInside, noteGoalsOf } from './goals.js';
import { keptRevenue } from './kept-revenue.js';

export interface LaunchWindow {
  /** Treated enrolments that have entered and whose journey has yet to reach its first step. */
  readonly toStart: string[];
  /** Whether enrolments of either arm still wait to be let in. */
  readonly pending: boolean;
}

/**
 * Lets the next pending enrolments of a live campaign in, oldest first, both arms side by side so that their windows begin
 * together. At most `limit` treated ones are starting at any time. Also returned are those that an earlier call let in and
 * whose journey never began; starting one twice is harmless.
 */
export async function takeWindow(em: EntityManager, campaignId: string, limit: number, now: Date): Promise<LaunchWindow> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const campaign = await queryOne<{ state: string }>(tx, 'select state from campaign where id = $1', [campaignId]);
    const live = campaign?.state === 'live';
    const starting = live ? await startingOf(tx, campaignId) : [];
    const entered = live ? await fill(tx, campaignId, limit - starting.length, now) : [];
    const left = await queryOne(tx, `select 1 as one from enrolment where campaign_id = $1 and state = 'pending' limit 1`, [campaignId]);
    return { toStart: [...starting, ...entered], pending: left !== undefined };
  });
}

async function startingOf(tx: EntityManager, campaignId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select id from enrolment where campaign_id = $1 and state = 'entered' and arm = 'treated' and step is null order by id`,
    [campaignId],
  );
  return rows.map((row) => row.id);
}

/** Lets in until `room` treated ones are in or nobody is left. @returns the treated ones, oldest first */
async function fill(tx: EntityManager, campaignId: string, room: number, now: Date): Promise<string[]> {
  const treated: string[] = [];
  while (treated.length < room) {
    const entered = await letIn(tx, campaignId, room - treated.length, now);
    if (entered.length === 0) break;
    treated.push(...entered.flatMap((each) => (each.arm === 'treated' ? [each.id] : [])));
  }
  return treated.sort();
}

/** Looks at a bounded piece of the queue, never at all of it, and lets in what `room` treated ones allow. */
async function letIn(tx: EntityManager, campaignId: string, room: number, now: Date): Promise<{ id: string; arm: Arm }[]> {
  return query(
    tx,
    `with queue as (
       select id, arm, version_id, created_at from enrolment
       where campaign_id = $1 and state = 'pending' order by created_at, id limit $2::int * 2
     ), counted as (
       select id, version_id, count(*) filter (where arm = 'treated') over (order by created_at, id) as treated from queue
     )
     update enrolment e
     set state = 'entered', entered_at = $3,
         entry_charge = case when c.currency = k.currency then c.monthly_charge end,
         measure_at = $3::timestamptz + (v.definition ->> 'windowMs')::double precision * interval '1 millisecond'
     from counted n join campaign_version v on v.id = n.version_id, customer c, campaign k
     where e.id = n.id and n.treated <= $2 and c.id = e.customer_id and k.id = e.campaign_id returning e.id, e.arm`,
    [campaignId, room, now],
  );
}

/** Of a customer whose window has ended. */
const retained = '(c.left_at is null or c.left_at > e.measure_at)';
const accepted = `(select coalesce(sum(o.cost), 0) from offer o where o.enrolment_id = e.id and o.state = 'accepted')`;

export interface Measured {
  /** How many were measured now. */
  readonly measured: number;
  /** Whether enrolments are left that are not closed yet, or have entered and are not measured yet. The campaign is over when there are none. */
  readonly open: boolean;
  readonly nextMeasureAt: Date | null;
}

/**
 * Looks at everybody whose window has ended, both arms alike and whatever their outcome: still a customer at the end of it,
 * the goal reached or not, and what they bring in a month against what they paid when they entered (see kept-revenue.ts). The
 * held-out are closed with it.
 * @param limit how many it looks at, at most: fewer were measured where nobody is left who is due
 */
export async function measureDue(em: EntityManager, campaignId: string, now: Date, limit = 2_000): Promise<Measured> {
  await noteGoalsInside(em, campaignId, now);
  return em.transactional(async (tx) => {
    const due = await lockDue(tx, campaignId, now, limit);
    await noteGoalsOf(tx, campaignId, due, now);
    const measured = await query(
      tx,
      `with looked as (
         select e.id, ${retained} as retained, ${keptRevenue(retained, accepted)} as kept
         from enrolment e join customer c on c.id = e.customer_id join campaign k on k.id = e.campaign_id
         where e.id = any($1::uuid[])
       )
       update enrolment e
       set measured_at = $2, retained = l.retained,
           kept_revenue = l.kept,
           state = case when e.arm = 'holdout' then 'closed' else e.state end,
           outcome = case when e.arm = 'holdout' then coalesce(e.outcome, 'held-out') else e.outcome end,
           closed_at = case when e.arm = 'holdout' then coalesce(e.closed_at, $2) else e.closed_at end
       from looked l where e.id = l.id returning e.id`,
      [due, now],
    );
    const rest = await queryOne<{ open: boolean; nextMeasureAt: Date | null }>(
      tx,
      `select exists (select from enrolment where campaign_id = $1 and state <> 'closed')
           or exists (select from enrolment where campaign_id = $1 and state = 'closed' and measured_at is null and measure_at is not null) as open,
              (select min(measure_at) from enrolment where campaign_id = $1 and measured_at is null) as "nextMeasureAt"`,
      [campaignId],
    );
    return { measured: measured.length, open: rest?.open ?? false, nextMeasureAt: rest?.nextMeasureAt ?? null };
  });
}

/** Those whose window ended first, locked in the order in which everybody locks several enrolments: by customer. */
async function lockDue(tx: EntityManager, campaignId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `with due as materialized (
       select id from enrolment where campaign_id = $1 and measured_at is null and measure_at <= $2 order by measure_at, id limit $3
     )
     select e.id from enrolment e join due d on d.id = e.id
     where e.measured_at is null order by e.customer_id, e.id for no key update of e`,
    [campaignId, now, limit],
  );
  return rows.map(({ id }) => id);
}
