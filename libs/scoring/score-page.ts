import type { NewScore } from '../scores/write-scores.js';
import { toFeatureRows } from './features/feature-rows.js';
import type { FeaturePage } from './features/read-features.js';
import { scoreRows } from './model/score-function.js';
import type { UsedModel } from './registry/champion.js';

/** How many reasons a score is stored with. */
const reasonCount = 4;

/** The scores of a page of customers, with their reasons: the same for a sweep and for the one customer to whom something just happened. */
export function scorePage({ kind, score, reads }: UsedModel, page: FeaturePage): { values: Float64Array; scores: NewScore[] } {
  const results = scoreRows(score, toFeatureRows(reads.features, page), reasonCount);
  const scores = page.ids.flatMap((customerId, row) => {
    const result = results[row];
    const next = page.nextChangeAt[row] ?? NaN;
    return result === undefined ? [] : [{ customerId, kind, ...result, nextChangeAt: Number.isNaN(next) ? null : new Date(next) }];
  });
  return { values: Float64Array.from(scores, ({ value }) => value), scores };
}
