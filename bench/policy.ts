import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { withProgress } from '../apps/cli/src/progress-bar.js';
import { postgresql } from '../apps/cli/src/stack/postgresql.js';
import { startParts } from '../apps/cli/src/stack/start-parts.js';
import { prepare } from '../apps/cli/src/stack/surroundings.js';
import { readPolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { planMessages, type PlanRequest } from '../libs/messaging/planning/plan-message.js';
import { migrate, openOrm } from '../libs/schema/orm.js';
import { query } from '../libs/persistence/sql.js';
import { projectFile } from '../libs/platform/project-file.js';
import { benchNow, loadPopulation } from './policy/load.js';
import { explained, printed, sequentialScans, type StatementPlan } from './policy/query-plans.js';
import type { BenchReport } from './report.js';

const customers = Number(process.env['PERENNIAL_BENCH_CUSTOMERS'] ?? 1_000_000);
const batch = 1_000;
/** Batches that are planned at once. */
const lanes = 2;
const tables = readPolicyTables(['email', 'sms']);

/** How fast the contact policy plans messages for everybody, and whether it ever reads a whole table to do so. */
export async function run(report: BenchReport): Promise<void> {
  // Only PostgreSQL takes part. Losing data in a power cut is acceptable here.
  const { around, release } = await prepare({
    dataDir: projectFile('.perennial', 'bench-policy'),
    fresh: true,
    durable: false,
    log: () => undefined,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PERENNIAL_'))),
  });
  const parts = await startParts([postgresql], around);
  const orm = await openOrm({ url: parts.get('postgresql').address, pool: lanes + 1 });
  try {
    await migrate(orm);
    await measure(orm, report);
  } finally {
    await orm.close();
    await parts.stop();
    await release();
  }
}

async function measure(orm: MikroORM, report: BenchReport): Promise<void> {
  const began = performance.now();
  const { campaignId } = await withProgress(`${customers} customers`, (progress) => loadPopulation(orm.em.fork(), customers, progress));
  const loaded = performance.now();

  const before = await explainBatch(orm, campaignId, 1);
  const planningBegan = performance.now();
  const counts = await withProgress(`${customers} plans`, (progress) => planAll(orm, campaignId, (done) => progress(done, customers)));
  const seconds = (performance.now() - planningBegan) / 1000;
  const after = await explainBatch(orm, campaignId, 2);
  console.error(printed(before));

  const [written] = await query<{ messages: number; decisions: number }>(
    orm.em.fork(),
    `select (select count(*) from message where campaign_id = $1) as messages,
            (select count(*) from decision where campaign_id = $1 and kind in ('send', 'defer', 'block')) as decisions`,
    [campaignId],
  );
  report.row('customers', customers, 'customers');
  report.row('messages_planned', written?.messages ?? 0, 'messages');
  report.row('decisions', written?.decisions ?? 0, 'rows');
  report.row('plans_per_second', customers / seconds, '1/s');
  for (const kind of ['planned', 'deferred', 'blocked'])
    report.row(`share_${kind}`, (counts.get(kind) ?? 0) / customers, 'of all requests');
  report.row('load_seconds', (loaded - began) / 1000, 's');
  report.row('statements', before.length / 2, 'a batch of any size');
  report.row('sequential_scans', sequentialScans([...before, ...after]), 'plan nodes over tables that grow');
  report.row('peak_mb', process.resourceUsage().maxRSS / 1024, 'MB resident, this process');
}

/** Plans the campaign's offer for everybody, a batch a transaction. @returns how many there are of each result */
async function planAll(orm: MikroORM, campaignId: string, progress: (done: number) => void): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let done = 0;
  const planOne = async (ids: readonly string[]): Promise<void> => {
    const results = await orm.em.fork().transactional((tx) =>
      planMessages(
        tx,
        ids.map((id) => request(id, 1)),
        tables,
      ),
    );
    for (const { kind } of results) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    progress((done += ids.length));
  };
  for (
    let ids = await page(orm.em.fork(), campaignId, null);
    ids.length > 0;
    ids = await page(orm.em.fork(), campaignId, ids.at(-1) ?? null)
  ) {
    while (underWay.size >= lanes) await Promise.race(underWay);
    const work: Promise<void> = planOne(ids).finally(() => underWay.delete(work));
    underWay.add(work);
  }
  await Promise.all(underWay);
  return counts;
}

/** The next enrolments by id. */
async function page(em: EntityManager, campaignId: string, after: string | null): Promise<string[]> {
  const rows = await query<{ id: string }>(
    em,
    `select id from enrolment where campaign_id = $1 and id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $3`,
    [campaignId, after, batch],
  );
  return rows.map(({ id }) => id);
}

function request(enrolmentId: string, occurrence: number): PlanRequest {
  return { enrolmentId, step: 'offer', occurrence, template: 'save-offer', channel: 'preferred', except: [], last: null, now: benchNow };
}

/** The plans of every statement of planning one batch. Its writes are rolled back. */
async function explainBatch(orm: MikroORM, campaignId: string, occurrence: number): Promise<StatementPlan[]> {
  const em = orm.em.fork();
  await em.begin();
  try {
    const ids = await page(em, campaignId, null);
    return await explained(em, (tx) =>
      planMessages(
        tx,
        ids.map((id) => request(id, occurrence)),
        tables,
      ),
    );
  } finally {
    await em.rollback();
  }
}
