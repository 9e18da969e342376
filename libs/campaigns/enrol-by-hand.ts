import type { EntityManager } from '@mikro-orm/postgresql';
import { retriedTransaction } from '../persistence/retried.js';
import { query, queryOne } from '../persistence/sql.js';
import { candidatesOf } from '../journeys/steps/table.js';
import { isId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import { compileRule } from '../segments/rule.js';
import { costOf } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { armSql } from './arm.js';
import { lockCampaign } from './campaign-lock.js';
import { enrollingCampaign, type Enrolled, type EnrollingCampaign } from './enrol.js';
import type { Arm } from './enrolment.entity.js';
import { reachable } from './reachable.js';
import { triggerKinds } from './triggers/table.js';

/** The customers to enrol: by our ids or the company's numbers, by a rule, or the whole audience. */
export type HandSelection =
  | { readonly customerIds: readonly string[] }
  | { readonly externalIds: readonly string[] }
  | { readonly where: string }
  | { readonly audience: true };

export const skipReasons = ['unknown', 'churned', 'objected', 'already-enrolled', 'enrolled-before', 'not-in-audience'] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface EnrolledByHand extends Enrolled {
  /** Customers who were requested by id or number and are not enrolled. */
  readonly skipped: { readonly id: string; readonly reason: SkipReason }[];
  /** How many are not enrolled, by reason; for a rule, also customers who were not named. */
  readonly skippedBy: Readonly<Record<SkipReason, number>>;
  /** How many of the enrolled no message may reach now: no consent, suppressed, or no address. They are enrolled nevertheless. */
  readonly unreachable: number;
  /** The most that offers may cost, in minor units: for these customers alone, and limited by the rest of the budget. */
  readonly cost: { readonly atMost: number; readonly budgetLeft: number; readonly currency: string };
  /** The last customer that was checked; null if nobody is left. */
  readonly next: string | null;
}

/** How customers are enrolled by hand. */
export interface HandEnrolment {
  readonly now: Date;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly from?: string | null;
}

/** Customers that one page of a rule, or of the audience, checks. */
const pageSize = 5_000;

/**
 * Enrols customers into a live campaign by hand, whatever their score. Everything else that excludes a customer still applies and is
 * reported, the audience first. Customers who are or were inside are not changed, so the call can be repeated. The arm of each customer is
 * the same as always. If the campaign has a trigger, the customers are disarmed, so that a sweep does not enrol them a second time.
 * @param dryRun only reports what it would do
 * @param again also enrols customers who were inside before; reports count them a second time
 * @param from the customer after whom a rule's page begins; null for the first
 * @throws Problem conflict if the campaign is not live; invalid if the rule cannot be read
 */
export async function enrolByHand(
  em: EntityManager,
  campaignId: string,
  selection: HandSelection,
  { now, dryRun = false, again = false, from = null }: HandEnrolment,
): Promise<EnrolledByHand> {
  return retriedTransaction(em, 5, async (tx) => {
    if (!dryRun) await lockCampaign(tx, campaignId);
    const campaign = await enrollingCampaign(tx, campaignId);
    if (campaign.state !== 'live') throw conflict(`The campaign is ${campaign.state}`, 'Only a live campaign can enrol customers.');
    const { looked, named, next } = await look(tx, { campaignId, campaign, again, now }, selection, from);
    const admitted = looked.filter((each) => each.reason === null);
    const skipped = named.flatMap((id): EnrolledByHand['skipped'] => {
      const found = looked.find((each) => each.name === id);
      return found?.reason === null ? [] : [{ id, reason: found?.reason ?? 'unknown' }];
    });
    if (!dryRun)
      await enrolAll(
        tx,
        campaignId,
        campaign,
        admitted.map((each) => each.customerId),
        now,
      );
    const reasons = [
      ...looked.flatMap((each) => each.reason ?? []),
      ...skipped.flatMap(({ reason }) => (reason === 'unknown' ? [reason] : [])),
    ];
    return {
      enrolled: admitted.length,
      heldOut: admitted.filter(({ arm }) => arm === 'holdout').length,
      skipped,
      skippedBy: Object.fromEntries(skipReasons.map((reason) => [reason, reasons.filter((each) => each === reason).length])) as Record<
        SkipReason,
        number
      >,
      unreachable: admitted.filter((each) => !each.reachable).length,
      cost: await costOfAll(tx, campaignId, campaign, admitted),
      next,
    };
  });
}

interface Looked {
  readonly customerId: string;
  /** The id or number that the caller gave. */
  readonly name: string;
  readonly reason: SkipReason | null;
  readonly arm: Arm;
  readonly reachable: boolean;
  /** Minor units; null if it is not known. */
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
}

interface Look {
  readonly looked: readonly Looked[];
  /** The customers who were requested by id or number, each once, in the order of the request. */
  readonly named: readonly string[];
  readonly next: string | null;
}

/** Into what customers are to be enrolled, and how. */
interface Into {
  readonly campaignId: string;
  readonly campaign: EnrollingCampaign;
  readonly again: boolean;
  readonly now: Date;
}

async function look(tx: EntityManager, into: Into, selection: HandSelection, from: string | null): Promise<Look> {
  if ('customerIds' in selection) {
    const named = [...new Set(selection.customerIds)];
    return {
      looked: await lookAt(tx, into, 'c.id = any($1::uuid[])', [named.filter(isId)], 'c.id'),
      named,
      next: null,
    };
  }
  if ('externalIds' in selection) {
    const named = [...new Set(selection.externalIds)];
    return {
      looked: await lookAt(tx, into, 'c.external_id = any($1::text[])', [named], 'c.external_id'),
      named,
      next: null,
    };
  }
  const page = await query<{ id: string }>(tx, 'select id from customer where $1::uuid is null or id > $1 order by id limit $2', [
    from,
    pageSize,
  ]);
  const ids = page.map(({ id }) => id);
  const next = page.length < pageSize ? null : (ids.at(-1) ?? null);
  // If the whole audience was requested, customers outside of it were not requested.
  const rule = compileRule('where' in selection ? selection.where : into.campaign.definition.audience).toSql(2, into.now);
  const looked = await lookAt(tx, into, `c.id = any($1::uuid[]) and (${rule.sql})`, [ids, ...rule.params], 'c.id');
  return { looked, named: [], next };
}

/** Checks the customers for whom `condition` holds (our own SQL over alias c, with `params`), in order. */
async function lookAt(
  tx: EntityManager,
  { campaignId, campaign: { key, definition }, again, now }: Into,
  condition: string,
  params: readonly unknown[],
  name: 'c.id' | 'c.external_id',
): Promise<Looked[]> {
  const [campaign, keyAt, holdout] = [params.length + 1, params.length + 2, params.length + 3].map((place) => `$${String(place)}`);
  const inside = (states: string): string =>
    `exists (select 1 from enrolment e where e.campaign_id = ${String(campaign)} and e.customer_id = c.id${states})`;
  const audience = compileRule(definition.audience).toSql(params.length + 4, now);
  return query<Looked>(
    tx,
    `select c.id as "customerId", ${name}::text as name, case
       when c.status = 'churned' then 'churned'
       when c.objected_at is not null then 'objected'
       when ${inside(` and e.state <> 'closed'`)} then 'already-enrolled'
       when ${again ? 'false' : inside('')} then 'enrolled-before'
       when (${audience.sql}) then null
       else 'not-in-audience' end as reason,
       ${armSql(String(keyAt), 'c.external_id', String(holdout))} as arm, (${reachable(definition)}) as reachable,
       c.monthly_charge as "monthlyCharge", c.currency
     from customer c where c.erased_at is null and ${condition} order by array_position($1::${name === 'c.id' ? 'uuid' : 'text'}[], ${name})`,
    [...params, campaignId, key, definition.holdout, ...audience.params],
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
  const enrolsAutomatically = triggerKinds.get(definition.trigger.kind).standing !== undefined;
  const row = await queryOne<Enrolled>(
    tx,
    `with enrolled as (
       insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at)
       select uuidv7(), $1, $2, c.id, ${armSql('$3', 'c.external_id', '$4')}, 'pending', $5
       from unnest($6::uuid[]) with ordinality as given (id, place) join customer c on c.id = given.id and c.erased_at is null order by place
       returning customer_id, arm
     ), disarmed as (
       insert into trigger_state (campaign_id, customer_id, armed, changed_at)
       select $1, customer_id, false, $5 from enrolled where $7
       on conflict (campaign_id, customer_id) do update set armed = false, changed_at = excluded.changed_at
     )
     select count(*) as enrolled, count(*) filter (where arm = 'holdout') as "heldOut" from enrolled`,
    [campaignId, versionId, key, definition.holdout, now, customerIds, enrolsAutomatically],
  );
  return row ?? { enrolled: 0, heldOut: 0 };
}

/**
 * The most expensive treatment of each step that issues one, for everybody who is not held out. Only customers with charges in the budget's
 * currency get offers.
 */
async function costOfAll(
  tx: EntityManager,
  campaignId: string,
  { definition }: EnrollingCampaign,
  admitted: readonly Looked[],
): Promise<EnrolledByHand['cost']> {
  const row = await queryOne<{ treatments: TreatmentDefinition[]; budgetLeft: number; currency: string }>(
    tx,
    `select v.treatments, k.budget_cap - k.budget_reserved as "budgetLeft", k.currency
     from campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version where k.id = $1`,
    [campaignId],
  );
  if (row === undefined) throw notFound('campaign', campaignId);
  const choices = Object.values(definition.journey.steps).flatMap((step) => {
    const treatments = candidatesOf(step);
    return treatments === undefined ? [] : [treatments];
  });
  const highestCost = ({ monthlyCharge }: Looked): number =>
    choices.reduce((sum, from) => {
      const costs = row.treatments
        .filter(({ treatment }) => from.includes(treatment))
        .map((treatment) => costOf(treatment, monthlyCharge, row.currency))
        .filter((cost) => typeof cost === 'number');
      return sum + Math.max(0, ...costs);
    }, 0);
  const offered = admitted.filter(({ arm, currency }) => arm === 'treated' && (currency ?? row.currency) === row.currency);
  const atMost = offered.reduce((sum, each) => sum + highestCost(each), 0);
  return { atMost, budgetLeft: row.budgetLeft, currency: row.currency };
}
