import type { EntityManager } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import type { Progress } from '../platform/progress.js';
import { findChampion } from './champion.js';
import { countCustomerRows, customerRows } from './customer-rows.js';
import { scoreRows } from './model/score-function.js';
import type { ScoreName } from './kinds/table.js';
import { writeCrossings, writeScored } from './crossings.js';
import { writeScores } from './write-scores.js';

/** How many reasons a score is stored with. */
const reasonCount = 4;

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
  const champion = await findChampion(em, kind);
  if (champion === undefined)
    throw new Problem('conflict', `No ${kind} model has been trained yet`, [], 'Train one first, or post scores of your own');
  const total = onProgress === undefined ? 0 : (customerIds?.length ?? (await countCustomerRows(em, 'scored')));
  let scored = 0;
  for await (const page of customerRows(em, 'scored', customerIds)) {
    const results = scoreRows(
      champion.score,
      page.map((customer) => customer.features),
      reasonCount,
    );
    const scores = page.flatMap(({ id }, index) => {
      const result = results[index];
      return result === undefined ? [] : [{ customerId: id, kind, ...result }];
    });
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
