import { readFileSync } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import { startStack } from '../apps/cli/src/stack/stack.js';
import { createCampaign } from '../libs/campaigns/campaigns.js';
import { query } from '../libs/persistence/sql.js';
import { projectFile } from '../libs/platform/project-file.js';
import { migrate, openOrm } from '../libs/schema/orm.js';
import { loadTreatmentFiles, saveTreatments } from '../libs/treatments/treatments.js';
import { Child } from './dispatch/child.js';
import { floor } from './sweep/floor.js';
import { trainOnSample } from './sweep/model.js';
import { changeSome, makePeople } from './sweep/people.js';
import type { SweepOrder, SweepTimes } from './sweep/child.js';
import type { BenchReport } from './report.js';

const customers = Number(process.env['PERENNIAL_BENCH_CUSTOMERS'] ?? 1_000_000);
const now = new Date('2026-03-02T03:00:00Z');
const later = new Date('2026-03-02T03:05:00Z');

/** Everybody's score of a kind, beside the least that reading and writing as much can take; and once more after one in a hundred changed. */
export async function run(report: BenchReport): Promise<void> {
  const stack = await startStack({ dataDir: projectFile('.perennial', 'bench'), fresh: true, durable: false, log: () => undefined });
  const orm = await openOrm({ url: stack.env['PERENNIAL_DATABASE_URL'] ?? '', pool: 4 });
  let child: Child | undefined;
  try {
    await migrate(orm);
    await makePeople(orm, customers, now);
    await trainOnSample(orm.em.fork(), now);
    const campaignId = await liveCampaign(orm);
    const least = await floor(orm, customers, now);
    child = Child.start('sweep/child.js', { PERENNIAL_DATABASE_URL: stack.env['PERENNIAL_DATABASE_URL'] ?? '' });
    await child.hear();
    const first = await child.ask<SweepTimes>({ campaignId, at: now.toISOString() } satisfies SweepOrder);
    await changeSome(orm, later);
    const second = await child.ask<SweepTimes>({ campaignId, at: later.toISOString() } satisfies SweepOrder);
    report.row('customers', customers, 'with a year of events');
    rows(report, 'first', first);
    report.row('rows_per_second', first.scored / first.wall, '1/s');
    report.row('floor.read', least.read, 'seconds');
    report.row('floor.write', least.write, 'seconds');
    report.row('ratio_to_floor', first.wall / (least.read + least.write), 'of its time');
    rows(report, 'second', second);
    report.row('second_ratio_to_first', second.wall / first.wall, 'of its time');
    report.row('memory.sweep', child.peakMb(), 'MB, peak');
    report.row(
      'memory.postgresql',
      Math.max(...second.backends.map(peakOf)),
      'MB, peak of the greatest of its processes, shared buffers included',
    );
  } finally {
    await child?.stop();
    await orm.close();
    await stack.stop();
  }
}

function rows(report: BenchReport, name: string, { scored, changed, wall, phases }: SweepTimes): void {
  report.row(`${name}.scored`, scored, 'customers');
  report.row(`${name}.changed`, changed, 'scores');
  report.row(`${name}.wall`, wall, 'seconds');
  for (const [phase, seconds] of Object.entries(phases)) report.row(`${name}.${phase}`, seconds, 'seconds, shards added up');
}

/** Linux: proc(5). */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1_024;
}

const definition = `
campaign: bench-sweep
title: Bench
audience: customer.plan != "gold"
trigger: { score: churn, rises_above: 0.80, falls_below: 0.70 }
holdout: 10%
budget: 100000000 EUR
window: 10 days
journey:
  - exit: lapsed
`;

async function liveCampaign(orm: MikroORM): Promise<string> {
  await saveTreatments(orm.em.fork(), await loadTreatmentFiles(projectFile('config', 'treatments')), new Date());
  const { campaignId } = await createCampaign(orm.em.fork(), definition, { templates: [] }, now);
  await query(orm.em.fork(), `update campaign set state = 'live', launched_at = $2 where id = $1`, [campaignId, now]);
  return campaignId;
}
