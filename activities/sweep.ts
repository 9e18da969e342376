import type { MikroORM } from '@mikro-orm/postgresql';
import type { Clock } from '../libs/platform/clock.js';
import { scoreKinds } from '../libs/scores/kinds/table.js';
import { kindsInUse } from '../libs/scoring/registry/champion.js';
import { beginSweep, finishSweep, sweepPage, sweepStart, type SweepPlace } from '../libs/scoring/sweep/sweep.js';
import type { SweepActivities } from '../workflows/contract.js';
import { workInSlices } from './slices.js';

/** Parts that go on side by side: while one waits for PostgreSQL, another computes. */
const shards = 3;

export interface SweepContext {
  readonly orm: MikroORM;
  readonly clock: Clock;
}

export function createSweepActivities({ orm, clock }: SweepContext): SweepActivities {
  return {
    kindsInUse: () => kindsInUse(orm.em.fork()),

    beginSweep: (kind) => beginSweep(orm.em.fork(), scoreKinds.name.parse(kind), shards, clock.now()),

    sweepShard: async ({ sweepId, shard, place: from = sweepStart }) => {
      let last = from;
      const place = await workInSlices<SweepPlace>(from, async (at) => {
        const { place: next, done } = await sweepPage(orm.em.fork(), sweepId, shard, at);
        last = next;
        return done ? null : next;
      });
      return { place: last, done: place === null };
    },

    finishSweep: async ({ sweepId, places }) => {
      const { kind, scored, changed } = await finishSweep(orm.em.fork(), sweepId, places, clock.now());
      return { kind, scored, changed };
    },
  };
}
