import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { compileRule } from '../segments/rule.js';
import type { Campaign } from './campaign.entity.js';

/** Campaign milliseconds between two checks of everybody inside, however often the campaign wakes: the same as between measurements. */
export const lookPauseMs = 15 * 60_000;

/**
 * Checks for everybody inside the goal of the version that they were enrolled into: both arms by the same rule, at the same moments,
 * whatever their journeys noticed. A goal that was reached once stays reached. Does nothing if the last check was a moment ago.
 */
export async function noteGoalsInside(em: EntityManager, campaignId: string, now: Date): Promise<void> {
  // In a statement of its own, because other code locks an enrolment before its campaign.
  const due = await tables<typeof Campaign>(em)
    .updateTable('Campaign')
    .set({ goalsAskedAt: now })
    .where('id', '=', campaignId)
    .where((asked) => asked.or([asked('goalsAskedAt', 'is', null), asked('goalsAskedAt', '<=', new Date(now.getTime() - lookPauseMs))]))
    .returning('id')
    .executeTakeFirst();
  if (due === undefined) return;
  await em.transactional((tx) => noteGoals(tx, campaignId, now, 'e.measured_at is null and e.measure_at > $2', []));
}

/** Checks the goal for enrolments whose window has ended, as of its end. Call it before they are measured. @param ids of enrolments */
export async function noteGoalsOf(tx: EntityManager, campaignId: string, ids: readonly string[], now: Date): Promise<void> {
  await noteGoals(tx, campaignId, now, 'e.id = any($3::uuid[])', [ids]);
}

/** @param who an SQL condition over alias e; $1 is the campaign, $2 is now, `params` begin at $3 */
async function noteGoals(tx: EntityManager, campaignId: string, now: Date, who: string, params: readonly unknown[]): Promise<void> {
  const given = [campaignId, now, ...params];
  const { sql, params: own } = await goalReached(tx, campaignId, given.length + 1);
  await query(
    tx,
    `with reached as materialized (
       select e.id from enrolment e join customer c on c.id = e.customer_id
       where e.campaign_id = $1 and e.entered_at is not null and e.goal_at is null and ${who} and (${sql})
       order by e.customer_id, e.id for no key update of e
     )
     update enrolment e set goal_at = least($2, e.measure_at) from reached r where e.id = r.id`,
    [...given, ...own],
  );
}

/**
 * SQL over aliases e (enrolment) and c (customer), $2 being now: whether the goal of their own version holds, as of the end of their window
 * if it has ended. If a customer changed after that, their state within the window is not known.
 * @param firstParam the number of its first parameter
 */
export async function goalReached(em: EntityManager, campaignId: string, firstParam: number): Promise<{ sql: string; params: unknown[] }> {
  const versions = await query<{ id: string; goal: string }>(
    em,
    `select id, definition ->> 'goal' as goal from campaign_version
     where campaign_id = $1 and launched_at is not null and definition ->> 'goal' is not null order by id`,
    [campaignId],
  );
  const params: unknown[] = [];
  const holds = versions.map(({ id, goal }) => {
    params.push(id);
    const version = `$${String(firstParam + params.length - 1)}::uuid`;
    const rule = compileRule(goal).toSql(firstParam + params.length, 'asked.at');
    params.push(...rule.params);
    return `when ${version} then ${rule.sql}`;
  });
  if (holds.length === 0) return { sql: 'false', params };
  const sql = `c.erased_at is null and (e.measure_at >= $2 or c.updated_at <= e.measure_at)
    and (select case e.version_id ${holds.join(' ')} else false end from (select least($2::timestamptz, e.measure_at) as at) asked)`;
  return { sql, params };
}
