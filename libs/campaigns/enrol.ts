import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { isId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import { compileRule } from '../segments/rule.js';
import { armSql } from './arm.js';
import { lockCampaign } from './campaign-lock.js';
import type { CampaignState } from './campaign.entity.js';
import type { CampaignDefinition, ScoreTrigger } from './definition.js';

export { armOf } from './arm.js';

export interface Enrolled {
  /** Both arms together. */
  readonly enrolled: number;
  /** Of those, how many are held out. */
  readonly heldOut: number;
}

export interface EnrolledByHand extends Enrolled {
  readonly skipped: { readonly customerId: string; readonly reason: SkipReason }[];
}

export type SkipReason = 'unknown' | 'left' | 'objected' | 'already-enrolled' | 'not-in-audience';

interface EnrollingCampaign {
  readonly key: string;
  readonly state: CampaignState;
  readonly versionId: string;
  readonly definition: CampaignDefinition;
}

/**
 * Enrols everybody whose score has risen above a live campaign's threshold: in the audience, still a customer, without an
 * objection to marketing, and not inside already. Whoever was enrolled is disarmed and can cross again only after the
 * score fell below the lower bound. Set-based: one statement re-arms, one enrols, whatever the size of the population.
 */
export async function enrolCrossings(em: EntityManager, campaignId: string, now: Date): Promise<Enrolled> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const campaign = await enrollingCampaign(tx, campaignId);
    const { trigger } = campaign.definition;
    if (campaign.state !== 'live' || trigger.kind !== 'score') return { enrolled: 0, heldOut: 0 };
    await rearm(tx, campaignId, trigger, now);
    return enrolArmed(tx, campaignId, campaign, trigger, now);
  });
}

async function rearm(tx: EntityManager, campaignId: string, trigger: ScoreTrigger, now: Date): Promise<void> {
  await query(
    tx,
    `update trigger_state t set armed = true, changed_at = $4
     from score s
     where t.campaign_id = $1 and not t.armed and s.customer_id = t.customer_id and s.kind = $2 and s.value < $3`,
    [campaignId, trigger.score, trigger.fallsBelow, now],
  );
}

async function enrolArmed(
  tx: EntityManager,
  campaignId: string,
  campaign: EnrollingCampaign,
  trigger: ScoreTrigger,
  now: Date,
): Promise<Enrolled> {
  const { definition, key, versionId } = campaign;
  const audience = compileRule(definition.audience).toSql(8, now);
  const row = await queryOne<Enrolled>(
    tx,
    `with crossed as (
       select c.id as customer_id, s.value, ${armSql('$3', 'c.external_id', '$4')} as arm
       from score s join customer c on c.id = s.customer_id
       where s.kind = $5 and s.value > $6 and c.status <> 'left' and c.objected_at is null
         and not exists (select 1 from trigger_state t where t.campaign_id = $1 and t.customer_id = c.id and not t.armed)
         and not exists (select 1 from enrolment e where e.campaign_id = $1 and e.customer_id = c.id and e.state <> 'closed')
         and (${audience.sql})
     ), enrolled as (
       insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, trigger_score, created_at)
       select uuidv7(), $1, $2, customer_id, arm, 'pending', value, $7 from crossed
       -- Those most at risk go first. The sort is also a barrier: without it the search for open enrolments would wade
       -- through the rows that this statement is inserting.
       order by value desc, customer_id
       returning customer_id, arm
     ), disarmed as (
       insert into trigger_state (campaign_id, customer_id, armed, changed_at)
       select $1, customer_id, false, $7 from enrolled
       on conflict (campaign_id, customer_id) do update set armed = false, changed_at = excluded.changed_at
     )
     select count(*) as enrolled, count(*) filter (where arm = 'holdout') as "heldOut" from enrolled`,
    [campaignId, versionId, key, definition.holdout, trigger.score, trigger.risesAbove, now, ...audience.params],
  );
  return row ?? { enrolled: 0, heldOut: 0 };
}

/**
 * Enrols these customers into a live campaign, whatever their score; all else that keeps a customer out still holds and is
 * told. Where a score triggers the campaign they are disarmed, so that a sweep does not bring them in a second time.
 * @throws Problem conflict where the campaign is not live
 */
export async function enrolByHand(
  em: EntityManager,
  campaignId: string,
  customerIds: readonly string[],
  now: Date,
): Promise<EnrolledByHand> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const campaign = await enrollingCampaign(tx, campaignId);
    if (campaign.state !== 'live') throw conflict(`The campaign is ${campaign.state}`, 'Only a live campaign enrols.');
    const asked = [...new Set(customerIds)];
    const looked = await lookAt(tx, campaignId, asked.filter(isId), campaign.definition, now);
    const reasons = new Map(looked.map((each) => [each.customerId, each.reason]));
    const skipped = asked.flatMap((customerId) => {
      const reason = reasons.get(customerId);
      return reason === null ? [] : [{ customerId, reason: reason ?? 'unknown' }];
    });
    const admitted = looked.filter((each) => each.reason === null).map((each) => each.customerId);
    return { ...(await enrolAll(tx, campaignId, campaign, admitted, now)), skipped };
  });
}

async function lookAt(
  tx: EntityManager,
  campaignId: string,
  customerIds: readonly string[],
  definition: CampaignDefinition,
  now: Date,
): Promise<{ customerId: string; reason: SkipReason | null }[]> {
  const audience = compileRule(definition.audience).toSql(3, now);
  return query(
    tx,
    `select c.id as "customerId", case
       when c.status = 'left' then 'left'
       when c.objected_at is not null then 'objected'
       when exists (select 1 from enrolment e where e.campaign_id = $1 and e.customer_id = c.id and e.state <> 'closed') then 'already-enrolled'
       when (${audience.sql}) then null
       else 'not-in-audience' end as reason
     from customer c where c.id = any($2::uuid[])`,
    [campaignId, customerIds, ...audience.params],
  );
}

async function enrolAll(
  tx: EntityManager,
  campaignId: string,
  campaign: EnrollingCampaign,
  customerIds: readonly string[],
  now: Date,
): Promise<Enrolled> {
  const { definition, key, versionId } = campaign;
  const byScore = definition.trigger.kind === 'score';
  const row = await queryOne<Enrolled>(
    tx,
    `with enrolled as (
       insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at)
       select uuidv7(), $1, $2, c.id, ${armSql('$3', 'c.external_id', '$4')}, 'pending', $5
       from unnest($6::uuid[]) with ordinality as given (id, place) join customer c on c.id = given.id order by place
       returning customer_id, arm
     ), disarmed as (
       insert into trigger_state (campaign_id, customer_id, armed, changed_at)
       select $1, customer_id, false, $5 from enrolled where $7
       on conflict (campaign_id, customer_id) do update set armed = false, changed_at = excluded.changed_at
     )
     select count(*) as enrolled, count(*) filter (where arm = 'holdout') as "heldOut" from enrolled`,
    [campaignId, versionId, key, definition.holdout, now, customerIds, byScore],
  );
  return row ?? { enrolled: 0, heldOut: 0 };
}

async function enrollingCampaign(tx: EntityManager, campaignId: string): Promise<EnrollingCampaign> {
  const row = await queryOne<EnrollingCampaign>(
    tx,
    `select k.key, k.state, v.id as "versionId", v.definition
     from campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version where k.id = $1`,
    [campaignId],
  );
  if (row === undefined) throw notFound('campaign', campaignId);
  return row;
}
