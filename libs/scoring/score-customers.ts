import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../platform/progress.js';
import { expectChampion } from './registry/champion.js';
import type { Reading } from './features/feature-statement.js';
import { countCustomers, scoredNow } from './features/population.js';
import { readFeatures, readFeaturePages, type FeaturePage } from './features/read-features.js';
import { sweepWhole } from './sweep/sweep-whole.js';
import { scorePage } from './score-page.js';
import type { ScoreName } from '../scores/kinds/table.js';
import { writeCrossings, writeScored } from '../scores/crossings.js';
import { writeScores } from '../scores/write-scores.js';

/**
 * Scores customers with the champion of a kind: all or the given ones, in the same way for a nightly sweep and for one customer after an
 * event. Customers who churned or object to marketing are skipped. A page is one transaction.
 * @returns the model and how many customers it scored
 * @throws Problem('conflict') if no model of this kind has been trained
 */
export async function scoreCustomers(
  em: EntityManager,
  { kind, customerIds, now, onProgress }: { kind: ScoreName; customerIds?: readonly string[]; now: Date; onProgress?: Progress },
): Promise<{ modelId: string; scored: number }> {
  const champion = await expectChampion(em, kind);
  const { ofAll } = champion.scorer;
  if (ofAll !== undefined) {
    // What happens to one customer moves everybody's score a little: the next sweep computes them all.
    const { scored } = customerIds === undefined ? await sweepWhole(em, { ...champion, ofAll }, now) : { scored: 0 };
    if (customerIds === undefined) await writeScored(em, [kind], now);
    return { modelId: champion.id, scored };
  }
  const { features } = champion.reads;
  const population = scoredNow(champion.reads.population);
  const total = onProgress === undefined ? 0 : (customerIds?.length ?? (await countCustomers(em, population, now)));
  let scored = 0;
  for await (const page of pagesOf(em, { features: Object.entries(features), at: now, population, nextChange: true }, customerIds)) {
    const { scores } = scorePage(champion, page);
    scored += await em.transactional(async (tx) => {
      const written = await writeScores(tx, scores, champion.id, now);
      if (customerIds !== undefined) await writeCrossings(tx, written, now);
      return written.length;
    });
    onProgress?.(scored, total);
  }
  // Even if the scores did not change: an attempt that stopped after it wrote them has not reported them.
  if (customerIds === undefined) await writeScored(em, [kind], now);
  return { modelId: champion.id, scored };
}

const pageSize = 2_000;

async function* pagesOf(
  em: EntityManager,
  reading: Omit<Reading, 'whom'>,
  customerIds: readonly string[] | undefined,
): AsyncGenerator<FeaturePage> {
  if (customerIds === undefined) {
    yield* readFeaturePages(em, reading, { most: pageSize });
  } else {
    for (let start = 0; start < customerIds.length; start += pageSize)
      yield await readFeatures(em, { ...reading, whom: { ids: customerIds.slice(start, start + pageSize) } });
  }
}
