import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readSettings } from '../../config/settings.js';
import { sweepScheduleId } from '../../apps/worker/src/ensure-sweeps.js';
import { enrolCrossingsPage } from '../../libs/campaigns/enrol.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { sweepAll } from '../../libs/scoring/sweep/sweep-all.js';
import { searchAttributes, workflowTypes } from '../../workflows/contract.js';
import { testEnvironment } from '../harness/api.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { day, makeCampaign } from '../harness/factories.js';
import { redisDatabase } from '../harness/redis-database.js';
import { resource } from '../harness/resource.js';
import { makeLinearModel } from '../harness/score-models.js';
import { waitFor } from '../harness/wait-for.js';

/** Two pages for each of the three shards. */
const customers = 18_000;

let database: TestDatabase;
let env: TestWorkflowEnvironment;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = await resource('temporal-dev-server');
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, searchAttributes: Object.values(searchAttributes) },
  });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await env.teardown();
  await database.close();
});

const em = () => database.orm.em.fork();
const now = new Date();
const yesterday = new Date(now.getTime() - day);

/** The product's worker, as a process of its own. */
async function startWorker(): Promise<ChildProcess> {
  const main = join(await resource('server'), 'apps', 'worker', 'src', 'main.js');
  const worker = fork(main, { env: { ...process.env, ...(await environment()), PERENNIAL_LOG_LEVEL: 'error' } });
  workers.push(worker);
  return worker;
}

const environment = async (): Promise<Record<string, string>> => ({
  ...testEnvironment(database.url),
  PERENNIAL_REDIS_URL: await redisDatabase(),
  PERENNIAL_TEMPORAL_ADDRESS: env.address,
  PERENNIAL_SWEEP_TIME: '04:30',
  PERENNIAL_SWEEP_ZONE: 'Europe/Berlin',
});

/** What a sweep leaves. */
const left = async () => ({
  scores: await query(em(), 'select customer_id as id, value from score order by customer_id'),
  history: await query(em(), 'select customer_id as id, at, value from score_history order by customer_id, at'),
  enrolled: await query(em(), 'select customer_id as id, trigger_score as score from enrolment order by customer_id'),
});
const scoredSince = async (at: Date) =>
  (await queryOne<{ count: number }>(em(), 'select count(*) as count from score where scored_at > $1', [at]))?.count ?? 0;
const finished = async () => (await query(em(), 'select from score_sweep where finished_at > $1', [now])).length;

/** Customers who were scored yesterday, and to one in a hundred of whom something happened since. */
async function prepare(): Promise<void> {
  const features = { failed: { events: 'payment.failed', count: 30 * day, type: 'number', knots: 2, logarithm: false } } as const;
  await makeLinearModel(em(), { features, base: -2, weight: 4 });
  await query(
    em(),
    `insert into customer (id, external_id, locale, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
     select uuidv7(), n::text, 'en', 'active', 'basic', 1000, 'EUR', 3, '{}', '{}', $1, $1 from generate_series(1, $2::int) n`,
    [new Date(yesterday.getTime() - day), customers],
  );
  await sweepAll(em(), { kind: 'churn', now: yesterday });
  await query(
    em(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     select uuidv7(), id, 'payment.failed', $1, '{}', 'test', external_id, $1 from customer where external_id::int % 100 = 0`,
    [new Date(now.getTime() - 60_000)],
  );
  // So that everybody is looked at again, page by page.
  await query(em(), 'update customer set updated_at = $1', [new Date(now.getTime() - 60_000)]);
}

it('a sweep whose worker is killed in the middle gives the same scores, history and enrolments', async () => {
  await prepare();
  const campaign = await makeCampaign(em(), {
    definition: {
      goal: null,
      audience: 'customer.plan != "gold"',
      holdout: 0,
      journey: { first: 'out', steps: { out: { id: 'out', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} } } },
      trigger: { kind: 'score', score: 'churn', risesAbove: 0.6, fallsBelow: 0.4 },
    },
  });
  const settings = readSettings(await environment());
  const { taskQueue } = settings.temporal;
  const killed = await startWorker();
  const schedule = env.client.schedule.getHandle(sweepScheduleId);
  const { spec, action } = await waitFor(() => schedule.describe(), 30_000);
  expect(spec.calendars).toEqual([
    expect.objectContaining({ hour: [{ start: 4, end: 4, step: 1 }], minute: [{ start: 30, end: 30, step: 1 }] }),
  ]);
  expect(spec.timezone).toBe('Europe/Berlin');
  expect(action).toMatchObject({ workflowType: workflowTypes.sweep, taskQueue });

  // Its second page waits for this customer until the worker is gone.
  await em().transactional(async (tx) => {
    await query(tx, 'select from customer where id = (select id from customer order by id offset 5500 limit 1) for update');
    await schedule.trigger();
    await waitFor(async () => (await scoredSince(now)) >= customers - 1_000, 60_000, 200);
    await waitFor(async () => (await query(em(), `select from pg_locks where not granted`)).length > 0);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
  });
  expect(await finished()).toBe(0);
  const resumed = await startWorker();
  await waitFor(async () => (await finished()) > 0, 90_000, 200);
  await waitFor(async () => (await left()).enrolled.length === customers / 100, 30_000, 200);
  const inTwoParts = await left();
  resumed.kill('SIGTERM');
  await once(resumed, 'exit');

  await query(em(), 'truncate score, score_history, score_sweep, enrolment, trigger_state, domain_event cascade');
  const events = await query(em(), "update customer_event set at = at + interval '40 days' returning id");
  await sweepAll(em(), { kind: 'churn', now: yesterday });
  await query(em(), "update customer_event set at = at - interval '40 days'");
  await sweepAll(em(), { kind: 'churn', now });
  for (let from: Parameters<typeof enrolCrossingsPage>[2]['from'] = null; ;) {
    ({ next: from } = await enrolCrossingsPage(em(), campaign.id, { from, limit: 1_000, now }));
    if (from === null) break;
  }
  const atOnce = await left();
  expect(events).toHaveLength(customers / 100);
  expect(atOnce.history).toHaveLength(customers / 100);
  expect(inTwoParts).toEqual(atOnce);
}, 240_000);
