import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import { compileRule } from '../segments/rule.js';
import { armSql } from './arm.js';
import { lockCampaign } from './campaign-lock.js';
import type { CampaignState } from './campaign.entity.js';
import type { CampaignDefinition } from './definition.js';
import { triggerKinds } from './triggers/table.js';
import type { SqlPart } from './triggers/trigger-kind.js';

export { armOf } from './arm.js';

export interface Enrolled {
  /** Both arms together. */
  readonly enrolled: number;
  /** How many of them are held out. */
  readonly heldOut: number;
}

export interface EnrollingCampaign {
  readonly key: string;
  readonly state: CampaignState;
  readonly versionId: string;
  readonly definition: CampaignDefinition;
}

/**
 * Where the check of all customers continues. First customers are armed again who may be enrolled once more, then customers are enrolled
 * who meet the trigger.
 */
export type CrossingsPlace =
  | { readonly part: 'rearm'; readonly after: string }
  | { readonly part: 'enrol'; readonly below: { readonly rank: number; readonly customerId: string } | null };

export interface CrossingsPage extends Enrolled {
  /** Where the next page begins; null if everybody was checked. */
  readonly next: CrossingsPlace | null;
}

/**
 * Enrols customers who meet a live campaign's trigger: in the audience, still a customer, without an objection to marketing, and not inside
 * already. An enrolled customer is disarmed, and can be enrolled again only when the trigger has armed them again. The highest rank comes
 * first. Set-based: one statement for each page of `limit` customers, so that no statement takes long, whatever the size of the population.
 * @param from null for the first page
 */
export async function enrolCrossingsPage(
  em: EntityManager,
  campaignId: string,
  { from, limit, now }: { readonly from: CrossingsPlace | null; readonly limit: number; readonly now: Date },
): Promise<CrossingsPage> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const campaign = await enrollingCampaign(tx, campaignId);
    const { trigger } = campaign.definition;
    const kind = triggerKinds.get(trigger.kind);
    if (campaign.state !== 'live' || kind.standing === undefined) return { enrolled: 0, heldOut: 0, next: null };
    const place = from ?? { part: 'rearm', after: firstId };
    if (place.part === 'enrol') return enrolArmed(tx, campaignId, campaign, kind.standing(trigger, 9), place.below, limit, now);
    const armsAgain = kind.armsAgain?.(trigger, 5);
    const last = armsAgain === undefined ? null : await rearm(tx, campaignId, armsAgain, place.after, limit, now);
    return { enrolled: 0, heldOut: 0, next: last === null ? { part: 'enrol', below: null } : { part: 'rearm', after: last } };
  });
}

/** Below every id. */
const firstId = '00000000-0000-0000-0000-000000000000';

/** @returns the last disarmed customer that it checked; null if none is left */
async function rearm(
  tx: EntityManager,
  campaignId: string,
  armsAgain: SqlPart,
  after: string,
  limit: number,
  now: Date,
): Promise<string | null> {
  const row = await queryOne<{ looked: number; last: string | null }>(
    tx,
    `with looked as materialized (
       select customer_id from trigger_state where campaign_id = $1 and not armed and customer_id > $3 order by customer_id limit $4
     ), rearmed as (
       update trigger_state t set armed = true, changed_at = $2
       from looked l where t.campaign_id = $1 and t.customer_id = l.customer_id and ${armsAgain.sql}
     )
     select count(*) as looked, (array_agg(customer_id order by customer_id desc))[1] as last from looked`,
    [campaignId, now, after, limit, ...armsAgain.params],
  );
  return row === undefined || row.looked < limit ? null : row.last;
}

async function enrolArmed(
  tx: EntityManager,
  campaignId: string,
  campaign: EnrollingCampaign,
  standing: SqlPart,
  below: { readonly rank: number; readonly customerId: string } | null,
  limit: number,
  now: Date,
): Promise<CrossingsPage> {
  const page = `select s.customer_id, s.rank, s.score from (${standing.sql}) s
    where $6::float8 is null or (s.rank <= $6 and (s.rank < $6 or s.customer_id > $7))
    order by s.rank desc, s.customer_id limit $8`;
  const params = [below?.rank ?? null, below?.customerId ?? null, limit, ...standing.params];
  const { enrolled, heldOut, looked, rank, customerId } = await enrolLooked(tx, campaignId, campaign, { sql: page, params }, now);
  return { enrolled, heldOut, next: looked < limit ? null : { part: 'enrol', below: { rank, customerId } } };
}

/**
 * Enrols one customer into a live campaign if they meet its trigger now and are armed, by the same rule as the check of everybody.
 * Repeating it is harmless: a customer who is inside is not enrolled again.
 * @returns whether they now wait for the launcher
 */
export async function enrolIfAbove(em: EntityManager, campaignId: string, customerId: string, now: Date): Promise<boolean> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const campaign = await enrollingCampaign(tx, campaignId);
    const { trigger } = campaign.definition;
    const standing = triggerKinds.get(trigger.kind).standing?.(trigger, 7);
    if (campaign.state !== 'live' || standing === undefined) return false;
    const one = `select s.customer_id, s.rank, s.score from (${standing.sql}) s where s.customer_id = $6`;
    await enrolLooked(tx, campaignId, campaign, { sql: one, params: [customerId, ...standing.params] }, now);
    const waits = await query(tx, `select from enrolment where campaign_id = $1 and customer_id = $2 and state = 'pending'`, [
      campaignId,
      customerId,
    ]);
    return waits.length > 0;
  });
}

/** Arms a customer again whose score fell below the lower bound, whatever the score is now. */
export async function rearmOne(em: EntityManager, campaignId: string, customerId: string, now: Date): Promise<void> {
  await query(em, 'update trigger_state set armed = true, changed_at = $3 where campaign_id = $1 and customer_id = $2 and not armed', [
    campaignId,
    customerId,
    now,
  ]);
}

/**
 * The live campaigns that may enrol a customer after a change of these fields: their trigger reads one of the fields, and the customer's
 * score is above their threshold.
 */
export async function campaignsAsking(em: EntityManager, customerId: string, fields: readonly string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(
    em,
    `select t.campaign_id as id from score_threshold t
     join campaign k on k.id = t.campaign_id join campaign_version v on v.campaign_id = k.id and v.version = k.version
     join score s on s.kind = t.kind and s.customer_id = $1
     where k.state = 'live' and s.value > t.rises_above and (v.trigger_asks is null or v.trigger_asks && $2::text[]) order by k.id`,
    [customerId, fields],
  );
  return rows.map(({ id }) => id);
}

/** The live campaigns whose trigger is a score of this kind. */
export async function campaignsScoredBy(em: EntityManager, score: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    em,
    `select k.id from score_threshold t join campaign k on k.id = t.campaign_id where t.kind = $1 and k.state = 'live' order by k.id`,
    [score],
  );
  return rows.map(({ id }) => id);
}

interface Looked extends Enrolled {
  /** How many were checked, and the last of them. */
  readonly looked: number;
  readonly rank: number;
  readonly customerId: string;
}

/** @param whom the SQL that selects the customers to check, with rows as `standing` of a trigger gives them, with parameters from $6 upwards */
async function enrolLooked(
  tx: EntityManager,
  campaignId: string,
  { definition, key, versionId }: EnrollingCampaign,
  whom: SqlPart,
  now: Date,
): Promise<Looked> {
  const audience = compileRule(definition.audience).toSql(6 + whom.params.length, now);
  const row = await queryOne<Looked>(
    tx,
    `with looked as materialized (${whom.sql}), crossed as (
       select c.id as customer_id, l.rank, l.score, ${armSql('$3', 'c.external_id', '$4')} as arm
       from looked l join customer c on c.id = l.customer_id
       where c.status <> 'churned' and c.objected_at is null and c.erased_at is null
         and not exists (select 1 from trigger_state t where t.campaign_id = $1 and t.customer_id = c.id and not t.armed)
         and not exists (select 1 from enrolment e where e.campaign_id = $1 and e.customer_id = c.id and e.state <> 'closed')
         and (${audience.sql})
     ), enrolled as (
       insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, trigger_score, created_at)
       select uuidv7(), $1, $2, customer_id, arm, 'pending', score, $5 from crossed
       -- The sort is also a barrier: without it the search for open enrolments would wade through the rows that this
       -- statement is inserting.
       order by rank desc, customer_id
       returning customer_id, arm
     ), disarmed as (
       insert into trigger_state (campaign_id, customer_id, armed, changed_at)
       select $1, customer_id, false, $5 from enrolled
       on conflict (campaign_id, customer_id) do update set armed = false, changed_at = excluded.changed_at
     ), last as (
       select rank, customer_id from looked order by rank, customer_id desc limit 1
     )
     select (select count(*) from enrolled) as enrolled, (select count(*) from enrolled where arm = 'holdout') as "heldOut",
            (select count(*) from looked) as looked, (select rank from last), (select customer_id from last) as "customerId"`,
    [campaignId, versionId, key, definition.holdout, now, ...whom.params, ...audience.params],
  );
  if (row === undefined) throw new Error('PostgreSQL gave no row');
  return row;
}

export async function enrollingCampaign(tx: EntityManager, campaignId: string): Promise<EnrollingCampaign> {
  const row = await queryOne<EnrollingCampaign>(
    tx,
    `select k.key, k.state, v.id as "versionId", v.definition
     from campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version where k.id = $1`,
    [campaignId],
  );
  if (row === undefined) throw notFound('campaign', campaignId);
  return row;
}
