import { openOrm } from '../../libs/schema/orm.js';
import { query } from '../../libs/persistence/sql.js';
import { enrolCrossingsPage, type CrossingsPlace } from '../../libs/campaigns/enrol.js';
import { beginSweep, finishSweep, sweepPage, sweepStart, type Shard, type SweepPlace } from '../../libs/scoring/sweep/sweep.js';
import type { SweepPhase } from '../../libs/scoring/sweep/phases.js';

/** What the bench asks of its process. */
export interface SweepOrder {
  readonly campaignId: string;
  readonly at: string;
}

export interface SweepTimes {
  readonly scored: number;
  readonly changed: number;
  /** Seconds from the beginning to the last enrolment. */
  readonly wall: number;
  /** Seconds, of all shards together; they go on side by side. */
  readonly phases: Readonly<Record<SweepPhase | 'crossing', number>>;
  /** The connections to PostgreSQL, by their processes. */
  readonly backends: readonly number[];
}

/** As the activities have it. */
const [shardCount, looked] = [3, 1_000];

const orm = await openOrm({ url: process.env['PERENNIAL_DATABASE_URL'] ?? '', pool: 6 });
const em = () => orm.em.fork();

async function sweep({ campaignId, at }: SweepOrder): Promise<SweepTimes> {
  const now = new Date(at);
  const phases = { finding: 0, features: 0, scoring: 0, writing: 0, crossing: 0 };
  const began = performance.now();
  const { sweepId, shards } = await beginSweep(em(), 'churn', shardCount, now);
  const through = async (shard: Shard): Promise<SweepPlace> => {
    for (let place = sweepStart; ;) {
      const next = await sweepPage(em(), sweepId, shard, place, { watch: (phase, ms) => (phases[phase] += ms / 1000) });
      if (next.done) return next.place;
      place = next.place;
    }
  };
  const { scored, changed } = await finishSweep(em(), sweepId, await Promise.all(shards.map(through)), now);
  const crossing = performance.now();
  for (let from: CrossingsPlace | null = null; ;) {
    ({ next: from } = await enrolCrossingsPage(em(), campaignId, { from, limit: looked, now }));
    if (from === null) break;
  }
  const ended = performance.now();
  phases.crossing = (ended - crossing) / 1000;
  const backends = await query<{ pid: number }>(em(), `select pid from pg_stat_activity where datname = current_database()`);
  return { scored, changed, wall: (ended - began) / 1000, phases, backends: backends.map(({ pid }) => pid) };
}

process.on('message', (order: SweepOrder) => void sweep(order).then((times) => process.send?.(times)));
process.on('SIGTERM', () => void orm.close().then(() => process.exit()));
process.send?.('ready');
