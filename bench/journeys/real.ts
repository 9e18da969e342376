import type { MikroORM } from '@mikro-orm/postgresql';
import type { WorkflowClient } from '@temporalio/client';
import pMap from 'p-map';
import type { Settings } from '../../config/settings.js';
import { createCampaign } from '../../libs/campaigns/campaigns.js';
import { changeState } from '../../libs/lifecycle/change-state.js';
import { writeEvents } from '../../libs/outbox/write-events.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { acceptOffer } from '../../libs/offers/settle-offer.js';
import { breadth, until } from './drive.js';
import { workflowTypes, type CampaignWorkflow } from '../../workflows/contract.js';
import { campaignStart } from '../../workflows/starts.js';
import { zoneWhereItIs } from '../../test/harness/zones.js';

/** The shipped campaign's treated path, for everybody in the bench's table: assess, choose, send, await, answer, close. */
const definition = (key: string): string => `
campaign: ${key}
title: Bench
audience: customer.plan == "${key}"
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 0%
budget: 10000000 EUR
window: 10 days
journey:
  - assess: customer.status == "active" && score.churn > 0.50
    otherwise: { exit: recovered }
  - choose: { from: [bill-credit-10, discount-15, free-upgrade] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 4 days }
    accepted: { exit: saved }
    otherwise: { exit: lapsed }
`;

/**
 * Runs the product's own journeys over `count` customers, from the campaign's launch to the last outcome.
 * @returns seconds
 */
export async function realRound(orm: MikroORM, workflows: WorkflowClient, settings: Settings, count: number): Promise<number> {
  const key = `bench-${newId()}`;
  await makeCustomers(orm, key, count);
  const { campaignId } = await createCampaign(orm.em.fork(), definition(key), { templates: ['save-offer'] }, new Date());
  const began = performance.now();
  await orm.em.fork().transactional((tx) => changeState(tx, campaignId, 'launch', new Date()));
  const { clock, temporal } = settings;
  await workflows.start<CampaignWorkflow>(
    workflowTypes.campaign,
    campaignStart(campaignId, 'live', { clock, taskQueue: temporal.taskQueue }),
  );
  await until(async () => (await standing(orm, campaignId)).parked === count);
  await answerAll(orm, campaignId);
  await until(async () => (await standing(orm, campaignId)).closed === count);
  return (performance.now() - began) / 1000;
}

/** Answers as the inbound endpoints do: the offer is accepted and an event written, in one transaction. */
async function answerAll(orm: MikroORM, campaignId: string): Promise<void> {
  const offers = await query<{ id: string; customerId: string; enrolmentId: string }>(
    orm.em.fork(),
    `select id, customer_id as "customerId", enrolment_id as "enrolmentId" from offer where campaign_id = $1 and state = 'open'`,
    [campaignId],
  );
  await pMap(
    offers,
    ({ id, customerId, enrolmentId }) =>
      orm.em.fork().transactional(async (tx) => {
        await acceptOffer(tx, id, new Date());
        const payload = { responseId: newId(), enrolmentId, answer: 'accepted', journeyAnswer: 'accepted' };
        await writeEvents(tx, [{ kind: 'response.received', customerId, payload }], new Date());
      }),
    { concurrency: breadth },
  );
}

async function standing(orm: MikroORM, campaignId: string): Promise<{ parked: number; closed: number }> {
  const row = await queryOne<{ parked: number; closed: number }>(
    orm.em.fork(),
    `select count(*) filter (where waiting_until is not null) as parked, count(*) filter (where state = 'closed') as closed
     from enrolment where campaign_id = $1`,
    [campaignId],
  );
  return row ?? { parked: 0, closed: 0 };
}

/** Customers at risk who may be written to right now: their zone is one where it is about one o'clock in the afternoon. */
async function makeCustomers(orm: MikroORM, plan: string, count: number): Promise<void> {
  const zone = zoneWhereItIs(13, new Date());
  await query(
    orm.em.fork(),
    `with made as (
       insert into customer (id, external_id, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select uuidv7(), $1 || '-' || n, 'en', $2, 'active', $1, 7000, 'EUR', 5, '{"contract": "month-to-month"}', '{}', now(), now()
       from generate_series(1, $3) n returning id, external_id
     ), reachable as (
       insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
       select uuidv7(), id, 'email', external_id || '@customers.example', external_id, now() from made returning customer_id, address_hash
     ), willing as (
       insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
       select uuidv7(), customer_id, 'email', 'marketing', address_hash, true, 'bench', '1', now(), 'system' from reachable
     )
     insert into score (customer_id, kind, value, reasons, scored_at) select id, 'churn', 0.7, '[]', now() from made`,
    [plan, zone, count],
  );
}
