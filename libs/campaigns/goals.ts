import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { compileRule } from '../segments/rule.js';

/**
 * Notes who has reached the goal of the version that they were enrolled into: both arms by the same rule, at the same moments,
 * whatever their journeys noticed. Everybody is looked at whenever the campaign measures, and at the end of their window. Who has
 * reached it once has reached it.
 */
export async function noteGoals(tx: EntityManager, campaignId: string, now: Date): Promise<void> {
  const versions = await query<{ id: string; goal: string }>(
    tx,
    `select v.id, v.definition ->> 'goal' as goal from campaign_version v
     where v.campaign_id = $1 and v.definition ->> 'goal' is not null
       and exists (select from enrolment e where e.campaign_id = $1 and e.version_id = v.id and e.entered_at is not null and e.measured_at is null)
     order by v.id`,
    [campaignId],
  );
  for (const { id, goal } of versions) {
    const rule = compileRule(goal).toSql(4, now);
    await query(
      tx,
      `update enrolment e set goal_at = $3 from customer c
       where e.campaign_id = $1 and e.version_id = $2 and e.entered_at is not null and e.measured_at is null and e.goal_at is null
         and c.id = e.customer_id and (${rule.sql})`,
      [campaignId, id, now, ...rule.params],
    );
  }
}
