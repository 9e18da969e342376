import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import type { Arm } from './enrolment.entity.js';
import { lockCampaign } from './campaign-lock.js';
import { campaignState } from './running-campaigns.js';

export interface Starting {
  readonly id: string;
  readonly customerId: string;
}

export interface LaunchWindow {
  /** Treated enrolments that have entered and whose journey has not reached its first step. */
  readonly toStart: Starting[];
  /** Whether enrolments of either arm still wait to be admitted. */
  readonly pending: boolean;
}

/**
 * Admits the next pending enrolments of a live campaign, oldest first, both arms in parallel so that their windows begin together. At most
 * `limit` treated ones are starting at any time. It also returns enrolments that an earlier call admitted and whose journey never began;
 * starting a journey twice is harmless.
 */
export async function takeWindow(em: EntityManager, campaignId: string, limit: number, now: Date): Promise<LaunchWindow> {
  return em.transactional(async (tx) => {
    await lockCampaign(tx, campaignId);
    const live = (await campaignState(tx, campaignId)) === 'live';
    const starting = live ? await startingOf(tx, campaignId) : [];
    const entered = live ? await fill(tx, campaignId, limit - starting.length, now) : [];
    const left = await queryOne(tx, `select 1 as one from enrolment where campaign_id = $1 and state = 'pending' limit 1`, [campaignId]);
    return { toStart: [...starting, ...entered], pending: left !== undefined };
  });
}

async function startingOf(tx: EntityManager, campaignId: string): Promise<Starting[]> {
  return query<Starting>(
    tx,
    `select id, customer_id as "customerId" from enrolment where campaign_id = $1 and state = 'entered' and arm = 'treated' and step is null order by id`,
    [campaignId],
  );
}

/** Admits enrolments until `places` treated ones have entered or nobody is left. @returns the treated ones, oldest first */
async function fill(tx: EntityManager, campaignId: string, places: number, now: Date): Promise<Starting[]> {
  const treated: Starting[] = [];
  while (treated.length < places) {
    const entered = await admit(tx, campaignId, places - treated.length, now);
    if (entered.length === 0) break;
    treated.push(...entered.flatMap(({ arm, ...each }) => (arm === 'treated' ? [each] : [])));
  }
  return treated.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Reads a bounded part of the queue, and admits as many as `places` treated ones allow. */
async function admit(tx: EntityManager, campaignId: string, places: number, now: Date): Promise<(Starting & { readonly arm: Arm })[]> {
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
     where e.id = n.id and n.treated <= $2 and c.id = e.customer_id and k.id = e.campaign_id returning e.id, e.customer_id as "customerId", e.arm`,
    [campaignId, places, now],
  );
}
