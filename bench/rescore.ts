import { setTimeout as rest } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startStack } from '../apps/cli/src/stack/stack.js';
import { start as startWorker } from '../apps/worker/src/main.js';
import { readSettings, type Settings } from '../config/settings.js';
import { createCampaign } from '../libs/campaigns/campaigns.js';
import { recordEvents } from '../libs/customers/record-events.js';
import { changeState } from '../libs/lifecycle/change-state.js';
import { retriedTransaction } from '../libs/persistence/retried.js';
import { query } from '../libs/persistence/sql.js';
import { newId } from '../libs/platform/ids.js';
import { projectFile } from '../libs/platform/project-file.js';
import { migrate, openOrm } from '../libs/schema/orm.js';
import { sweepAll } from '../libs/scoring/sweep/sweep-all.js';
import { loadTreatmentFiles, saveTreatments } from '../libs/treatments/treatments.js';
import { makeLinearModel } from '../test/harness/score-models.js';
import { workflowTypes, type CampaignWorkflow } from '../workflows/contract.js';
import { campaignStart } from '../workflows/starts.js';
import type { BenchReport } from './report.js';

const perSecond = 200;
const seconds = 60;
/** One event in so many makes its customer cross the threshold; all have a customer scored. */
const crossing = 10;
const count = perSecond * seconds;

const definition = `
campaign: bench-rescore
title: Bench
audience: customer.plan != "gold"
trigger: { score: churn, rises_above: 0.80, falls_below: 0.70 }
holdout: 0%
budget: 100000000 EUR
window: 10 days
journey:
  - exit: lapsed
`;
const owed = {
  owed: { events: 'payment.failed', sum: 'amount', within: 90 * 86_400_000, type: 'number', knots: 2, logarithm: false },
} as const;

/** How long it takes from an event that is received until its customer is enrolled, with so many events a second. */
export async function run(report: BenchReport): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const stack = await startStack({ dataDir: projectFile('.perennial', 'bench'), fresh: true, durable: false, log: () => undefined });
  const settings = readSettings({ ...stack.env, PERENNIAL_LOG_LEVEL: 'warn', PERENNIAL_SWEEP_TIME: 'never' });
  const orm = await openOrm({ ...settings.database, pool: 20 });
  await migrate(orm);
  const connection = await Connection.connect({ address: settings.temporal.address });
  const worker = await startWorker(settings);
  try {
    const customers = await prepare(orm);
    const campaignId = await launch(orm, new Client({ connection, namespace: settings.temporal.namespace }), settings);
    // The first second warms up what runs only with events.
    await drive(orm, campaignId, customers.slice(0, perSecond));
    const waits = await drive(orm, campaignId, customers.slice(perSecond));
    report.row('events', count, `at ${perSecond} a second, one in ${crossing} crosses the threshold`);
    report.row('enrolled', waits.length, `of ${count / crossing}`);
    report.row('p50_ms', quantile(waits, 0.5), 'from the event to the enrolment');
    report.row('p99_ms', quantile(waits, 0.99), 'from the event to the enrolment');
  } finally {
    await worker.close();
    await connection.close();
    await orm.close();
    await stack.stop();
  }
}

/** @returns the company's numbers of customers whose scores are low */
async function prepare(orm: MikroORM): Promise<string[]> {
  const em = orm.em.fork();
  await makeLinearModel(em, { features: owed, base: -2 });
  const rows = await query<{ id: string }>(
    em,
    `insert into customer (id, external_id, locale, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
     select uuidv7(), 'made-' || n, 'en', 'active', 'basic', 5000, 'EUR', 12, '{}', '{}', now(), now() from generate_series(1, $1::int) n
     returning external_id as id`,
    [count + perSecond],
  );
  await sweepAll(em, { kind: 'churn', now: new Date() });
  await query(em, 'vacuum (analyze) customer, customer_event, score');
  return rows.map(({ id }) => id);
}

async function launch(orm: MikroORM, { workflow }: Client, { clock, temporal }: Settings): Promise<string> {
  await saveTreatments(orm.em.fork(), await loadTreatmentFiles(projectFile('config', 'treatments')), new Date());
  const { campaignId } = await createCampaign(orm.em.fork(), definition, { templates: [] }, new Date());
  await orm.em.fork().transactional((tx) => changeState(tx, campaignId, 'launch', new Date()));
  const start = campaignStart(campaignId, 'live', { clock, taskQueue: temporal.taskQueue });
  await workflow.start<CampaignWorkflow>(workflowTypes.campaign, start);
  return campaignId;
}

/** An event for each customer, at its time whether those before it are done or not. @returns milliseconds until each enrolment was seen */
async function drive(orm: MikroORM, campaignId: string, customers: readonly string[]): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const waits: number[] = [];
  const seen = new Set<string>();
  const expected = customers.length / crossing;
  const began = performance.now();
  const sending = customers.map(async (externalId, place) => {
    const at = began + (place * 1000) / perSecond;
    await rest(Math.max(0, at - performance.now()));
    if (place % crossing === 0) sentAt.set(externalId, at);
    await receive(orm, externalId, place % crossing === 0 ? 5 : 0.1);
  });
  const lastAt = began + (customers.length * 1000) / perSecond + 60_000;
  while (seen.size < expected && performance.now() < lastAt) {
    for (const externalId of await enrolled(orm, campaignId)) {
      const at = sentAt.get(externalId);
      if (at === undefined || seen.has(externalId)) continue;
      seen.add(externalId);
      waits.push(performance.now() - at);
    }
    await rest(10);
  }
  await Promise.all(sending);
  return waits;
}

/** As the API does. */
async function receive(orm: MikroORM, externalId: string, amount: number): Promise<void> {
  const now = new Date();
  const event = { externalId, kind: 'payment.failed', at: now, data: { amount }, source: 'bench', sourceId: newId() };
  await retriedTransaction(orm.em.fork(), 5, (tx) => recordEvents(tx, [event], now));
}

/** Those who were enrolled in the last while. */
async function enrolled(orm: MikroORM, campaignId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    orm.em.fork(),
    `select c.external_id as id from enrolment e join customer c on c.id = e.customer_id
     where e.campaign_id = $1 order by e.id desc limit 200`,
    [campaignId],
  );
  return rows.map(({ id }) => id);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
