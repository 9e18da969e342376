import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from './definition.js';
import { reachable } from './reachable.js';
import { triggerKinds } from './triggers/table.js';
import type { SqlPart } from './triggers/trigger-kind.js';
import { queryOne } from '../persistence/sql.js';
import { compileRule } from '../segments/rule.js';

export interface Estimate {
  readonly key: string;
  readonly title: string;
  readonly steps: number;
  readonly audience: number;
  readonly reachable: number;
  readonly entering: { readonly total: number; readonly treated: number; readonly holdout: number };
  readonly budget: { readonly cap: number; readonly currency: string };
}

/** A customer whom the trigger would enrol now: meets it, is armed, has not churned or objected, and is not inside. */
const crossing = `c.status <> 'churned' and c.objected_at is null and s.customer_id is not null
  and coalesce((select t.armed from trigger_state t join campaign g on g.id = t.campaign_id where g.key = $1 and t.customer_id = c.id), true)
  and not exists (select 1 from enrolment e join campaign g on g.id = e.campaign_id
                  where g.key = $1 and e.customer_id = c.id and e.state <> 'closed')`;

/** A campaign without an automatic trigger is entered by hand. */
const nobody: SqlPart = { sql: 'select null::uuid as customer_id where false', params: [] };

/** Estimates what a definition would do if it were launched now. Nothing is stored. */
export async function estimate(em: EntityManager, definition: CampaignDefinition, now: Date): Promise<Estimate> {
  const { trigger } = definition;
  const rule = compileRule(definition.audience).toSql(2, now);
  const standing = triggerKinds.get(trigger.kind).standing?.(trigger, 2 + rule.params.length) ?? nobody;
  const counted = await queryOne<{ audience: number; reachable: number; entering: number }>(
    em,
    `select count(*) as audience, count(*) filter (where ${reachable(definition)}) as reachable, count(*) filter (where ${crossing}) as entering
     from customer c left join (${standing.sql}) s on s.customer_id = c.id
     where c.erased_at is null and (${rule.sql})`,
    [definition.campaign, ...rule.params, ...standing.params],
  );
  const total = counted?.entering ?? 0;
  const holdout = Math.round(total * definition.holdout);
  return {
    key: definition.campaign,
    title: definition.title,
    steps: Object.keys(definition.journey.steps).length,
    audience: counted?.audience ?? 0,
    reachable: counted?.reachable ?? 0,
    entering: { total, treated: total - holdout, holdout },
    budget: { cap: definition.budget.minor, currency: definition.budget.currency },
  };
}
