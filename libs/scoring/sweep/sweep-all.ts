import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../../platform/progress.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import { countCustomers, scoredNow } from '../features/population.js';
import { expectChampion } from '../registry/champion.js';
import { beginSweep, finishSweep, sweepPage, sweepStart } from './sweep.js';

/**
 * A whole sweep of a kind in this process, for a command. One that is stopped is begun again: who is up to date is passed over.
 * @throws Problem conflict where no model of this kind was trained
 */
export async function sweepAll(
  em: EntityManager,
  { kind, now, onProgress }: { readonly kind: ScoreName; readonly now: Date; readonly onProgress?: Progress },
): Promise<{ readonly scored: number; readonly changed: number }> {
  const { sweepId, shards } = await beginSweep(em, kind, 1, now);
  const { reads } = await expectChampion(em, kind);
  const total = onProgress === undefined ? 0 : await countCustomers(em, scoredNow(reads.population), now);
  const places = [];
  for (const shard of shards) {
    for (let place = sweepStart, done = false; !done;) {
      ({ place, done } = await sweepPage(em, sweepId, shard, place));
      onProgress?.(place.scored, total);
      if (done) places.push(place);
    }
  }
  return finishSweep(em, sweepId, places, now);
}
