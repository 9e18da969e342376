import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { loadFacts } from '../segments/load-facts.js';
import { armOf } from './arm.js';
import type { CampaignDefinition } from './definition.js';
import type { Arm, EnrolmentState } from './enrolment.entity.js';
import { keptOut, type KeptOut } from './kept-out.js';
import { reachable } from './reachable.js';
import { runningStates, type RunningState } from './running-campaigns.js';
import { triggerKinds } from './triggers/table.js';
import type { SqlPart } from './triggers/trigger-kind.js';

/** How a customer stands towards one running campaign. */
export interface CampaignStanding {
  readonly campaign: { readonly id: string; readonly key: string; readonly title: string; readonly state: RunningState };
  /** Their enrolment that is open; null if they are not inside. */
  readonly inside: { readonly id: string; readonly arm: Arm; readonly state: EnrolmentState } | null;
  /** What keeps them out; empty if they are inside, or if the next check enrols them. */
  readonly keptOut: readonly KeptOut[];
  /** The arm that they are in or would be in: always the same in this campaign. */
  readonly arm: Arm;
  /** A message of the campaign may reach them now. One whom none reaches is enrolled nevertheless. */
  readonly reachable: boolean;
}

interface Row extends Omit<CampaignStanding, 'keptOut' | 'arm' | 'reachable'> {
  readonly definition: CampaignDefinition;
  readonly armed: boolean;
  readonly externalId: string;
  readonly objected: boolean;
}

/**
 * How a customer stands towards each running campaign, the one of the highest priority first.
 * @throws Problem not-found if there is no such customer
 */
export async function standingInCampaigns(em: EntityManager, customerId: string, now: Date): Promise<CampaignStanding[]> {
  const facts = await loadFacts(em, customerId, now);
  const rows = await query<Row>(
    em,
    `select jsonb_build_object('id', k.id, 'key', k.key, 'title', k.title, 'state', k.state) as campaign, v.definition,
            (select jsonb_build_object('id', e.id, 'arm', e.arm, 'state', e.state) from enrolment e
             where e.campaign_id = k.id and e.customer_id = c.id and e.state <> 'closed') as inside,
            coalesce((select t.armed from trigger_state t where t.campaign_id = k.id and t.customer_id = c.id), true) as armed,
            c.external_id as "externalId", c.objected_at is not null as objected
     from customer c cross join campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version
     where c.id = $1 and c.erased_at is null and k.state = any($2::text[]) order by k.priority desc, k.id`,
    [customerId, runningStates],
  );
  const standings: CampaignStanding[] = [];
  // One after the other: they share one connection.
  for (const { campaign, definition, inside, armed, externalId, objected } of rows) {
    const { meetsTrigger, isReachable } = await look(em, customerId, definition);
    const because = inside === null ? keptOut({ state: campaign.state, definition, facts, objected, meetsTrigger, armed }) : [];
    const arm = inside?.arm ?? armOf(campaign.key, externalId, definition.holdout);
    standings.push({ campaign, inside, keptOut: because, arm, reachable: isReachable });
  }
  return standings;
}

/** A campaign without an automatic trigger enrols nobody. */
const nobody: SqlPart = { sql: 'select null::uuid as customer_id where false', params: [] };

async function look(
  em: EntityManager,
  customerId: string,
  definition: CampaignDefinition,
): Promise<{ readonly meetsTrigger: boolean; readonly isReachable: boolean }> {
  const { trigger } = definition;
  const standing = triggerKinds.get(trigger.kind).standing?.(trigger, 2) ?? nobody;
  const found = await queryOne<{ meetsTrigger: boolean; isReachable: boolean }>(
    em,
    `select exists (select from (${standing.sql}) s where s.customer_id = c.id) as "meetsTrigger", (${reachable(definition)}) as "isReachable"
     from customer c where c.id = $1`,
    [customerId, ...standing.params],
  );
  return found ?? { meetsTrigger: false, isReachable: false };
}
