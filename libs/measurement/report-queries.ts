import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import type { CampaignDefinition } from '../campaigns/definition.js';
import type { Arm, EnrolmentState } from '../campaigns/enrolment.entity.js';
import type { Outcome } from '../journeys/outcome.js';
import { goalReached } from '../campaigns/goals.js';
import { keptRevenue, stayed } from '../campaigns/kept-revenue.js';
import type { Channel } from '../channels/table.js';
import { madeUpAnswers } from '../customers/customer.entity.js';
import type { MessageState } from '../messaging/ledger/message.entity.js';
import { isInside, isUnderway } from '../campaigns/underway.js';
import { offerStateAt } from '../offers/offer-sql.js';
import { query, queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import type { Answer } from '../journeys/answers/table.js';
import type { DecisionKind } from '../offers/decision.entity.js';
import type { OfferState } from '../offers/offer.entity.js';
import type { ArmFigures } from './campaign-lift.js';
import type { VisitCount } from './journey-picture.js';

export interface CampaignRow {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly state: CampaignState;
  readonly version: number;
  readonly pauseReason: string | null;
  readonly launchedAt: Date | null;
  readonly currency: string;
  readonly cap: number;
  readonly reserved: number;
  readonly spent: number;
  /** From the version that enrols. */
  readonly definition: CampaignDefinition;
  readonly shown: ShownVersion;
}

/** The version whose journey is drawn. */
export interface ShownVersion {
  readonly id: string;
  readonly version: number;
  readonly definition: CampaignDefinition;
}

/** The campaign with the version that enrols, and the one to show: by default the same. @throws Problem not-found */
export async function readCampaign(em: EntityManager, campaignId: string, version: number | null): Promise<CampaignRow> {
  const row = await queryOne<Omit<CampaignRow, 'shown'> & { shown: ShownVersion | null }>(
    em,
    `select k.id, k.key, k.title, k.state, k.version, k.pause_reason as "pauseReason", k.launched_at as "launchedAt", k.currency, k.budget_cap as cap,
            k.budget_reserved as reserved, k.budget_spent as spent, v.definition,
            (select jsonb_build_object('id', s.id, 'version', s.version, 'definition', s.definition)
             from campaign_version s where s.campaign_id = k.id and s.version = coalesce($2, k.version)) as shown
     from campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version where k.id = $1`,
    [campaignId, version],
  );
  if (row === undefined) throw notFound('campaign', campaignId);
  const { shown, ...campaign } = row;
  if (shown === null) throw notFound('version', String(version));
  return { ...campaign, shown };
}

export interface EnrolmentCount {
  readonly version: number;
  readonly arm: Arm;
  readonly state: EnrolmentState;
  readonly outcome: Outcome | null;
  /** The current step of a running journey; null for all others. */
  readonly step: string | null;
  readonly entered: boolean;
  readonly count: number;
  readonly measured: number;
  /** How many of `count` should be held out by the version that enrolled them. */
  readonly plannedHoldout: number;
  /** How many of them a program answers for. */
  readonly madeUp: number;
  /** For how many a generator made up a name, an address or a consent. */
  readonly madeUpPeople: number;
}

/** By version too, so a state can come more than once. */
export async function countEnrolments(em: EntityManager, campaignId: string): Promise<EnrolmentCount[]> {
  return query(
    em,
    `select g.*, v.version, g.count * (v.definition ->> 'holdout')::double precision as "plannedHoldout"
     from (
       select e.version_id, e.arm, e.state, e.outcome, case when ${isInside('e')} then e.step end as step,
              e.entered_at is not null as entered, count(*) as count, count(e.measured_at) as measured,
              count(*) filter (where '${madeUpAnswers}' = any(c.made)) as "madeUp",
              count(*) filter (where cardinality(array_remove(c.made, '${madeUpAnswers}')) > 0) as "madeUpPeople"
       from enrolment e join customer c on c.id = e.customer_id
       where e.campaign_id = $1 group by 1, 2, 3, 4, 5, 6
     ) g join campaign_version v on v.id = g.version_id`,
    [campaignId],
  );
}

export interface OfferCount {
  readonly treatment: string;
  readonly title: string;
  readonly state: OfferState;
  readonly count: number;
}

/** An open offer whose time has passed counts as expired: nobody can accept it any more. */
export async function countOffers(em: EntityManager, campaignId: string, now: Date): Promise<OfferCount[]> {
  return query(
    em,
    `select treatment, max(title) as title, ${offerStateAt('o', '$2')} as state, count(*) as count
     from offer o where campaign_id = $1 group by treatment, 3 order by treatment`,
    [campaignId, now],
  );
}

export interface MessageCount {
  readonly channel: Channel;
  readonly state: MessageState;
  readonly count: number;
  /** Their number of segments; 0 if they have none. */
  readonly segments: number;
  /** Thousandths of a minor unit. */
  readonly costMilli: number;
}

export async function countMessages(em: EntityManager, campaignId: string): Promise<MessageCount[]> {
  return query(
    em,
    `select channel, state, count(*) as count, coalesce(sum(segments), 0) as segments, coalesce(sum(cost_milli), 0) as "costMilli"
     from message where campaign_id = $1 group by 1, 2 order by 1`,
    [campaignId],
  );
}

export async function countDecisions(
  em: EntityManager,
  campaignId: string,
): Promise<{ kind: DecisionKind; reason: string | null; count: number }[]> {
  return query(
    em,
    `select kind, cause as reason, count(*) as count
     from decision where campaign_id = $1 group by 1, 2 order by 3 desc, 2`,
    [campaignId],
  );
}

/** How many journeys wait because of a deferred message. */
export async function countDeferred(em: EntityManager, campaignId: string, now: Date): Promise<number> {
  const row = await queryOne<{ count: number }>(
    em,
    `select count(*) as count from enrolment e
     where e.campaign_id = $1 and ${isUnderway('e')} and e.waiting_until > $2 and exists (
       select from decision d where d.enrolment_id = e.id and d.step = e.step and d.kind = 'defer' and d.until > $2)`,
    [campaignId, now],
  );
  return row?.count ?? 0;
}

export async function countResponses(em: EntityManager, campaignId: string): Promise<{ answer: Answer; count: number }[]> {
  return query(
    em,
    `select r.answer, count(*) as count from response r join enrolment e on e.id = r.enrolment_id where e.campaign_id = $1 group by 1`,
    [campaignId],
  );
}

/** @param versionId only customers of this version; null for all of the campaign, which is faster */
export async function countVisits(em: EntityManager, campaignId: string, versionId: string | null): Promise<VisitCount[]> {
  if (versionId === null)
    return query(em, 'select step, label, count(*) as count from step_visit where campaign_id = $1 group by 1, 2', [campaignId]);
  return query(
    em,
    `select s.step, s.label, count(*) as count from step_visit s join enrolment e on e.id = s.enrolment_id
     where s.campaign_id = $1 and e.version_id = $2 group by 1, 2`,
    [campaignId, versionId],
  );
}

/** For customers with an amount: their number, mean and variance. */
const amounts = (kept: string): string =>
  `count(${kept}) as charged, coalesce(avg(${kept}), 0)::double precision as mean, coalesce(var_samp(${kept}), 0)::double precision as variance`;

/** Both arms as they were measured at the end of their windows. */
export async function measuredArms(em: EntityManager, campaignId: string): Promise<(ArmFigures & { arm: Arm })[]> {
  return query(
    em,
    `select arm, count(*) as n, count(*) filter (where retained) as retained, count(goal_at) as reached, ${amounts('kept_revenue')}
     from enrolment where campaign_id = $1 and measured_at is not null group by arm`,
    [campaignId],
  );
}

/** Both arms so far: who has not churned, who has reached the goal of their version, and the present kept revenue. */
export async function armsSoFar(em: EntityManager, campaignId: string, now: Date): Promise<(ArmFigures & { arm: Arm })[]> {
  const reached = await goalReached(em, campaignId, 3);
  return query(
    em,
    `with accepted as (
       select enrolment_id, sum(cost) as cost from offer where campaign_id = $1 and state = 'accepted' group by enrolment_id
     ), figures as (
       select e.arm, ${stayed('$2')} as retained, e.goal_at is not null or (e.measured_at is null and (${reached.sql})) as reached,
              ${keptRevenue('$2', 'coalesce(a.cost, 0)')} as kept
       from enrolment e join customer c on c.id = e.customer_id join campaign k on k.id = e.campaign_id
       left join accepted a on a.enrolment_id = e.id
       where e.campaign_id = $1 and e.entered_at is not null
     )
     select arm, count(*) as n, count(*) filter (where retained) as retained, count(*) filter (where reached) as reached, ${amounts('kept')}
     from figures group by arm`,
    [campaignId, now, ...reached.params],
  );
}
