import type { ScoreReason } from '../scores/score.entity.js';
import type { NewScore } from '../scores/write-scores.js';
import { valueAt } from './features/feature-columns.js';
import type { FeaturePage } from './features/read-features.js';
import type { Reasons } from './model/scorer.js';
import type { UsedModel } from './registry/champion.js';

/** How many reasons a score is stored with. */
const reasonCount = 4;

/**
 * The scores of a page of customers, with their reasons: the same for a sweep and for the one customer to whom something just happened.
 * @returns a value for each row; scores of those alone who have a value
 */
export function scorePage(
  { kind, scorer }: Pick<UsedModel, 'kind' | 'scorer'>,
  page: FeaturePage,
): { values: Float64Array; scores: NewScore[] } {
  const values = scorer.values(page);
  const reasons = scorer.reasons(page);
  const scores = page.ids.flatMap((customerId, row): NewScore[] => {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) return [];
    const next = page.nextChangeAt[row] ?? NaN;
    const nextChangeAt = Number.isNaN(next) ? null : new Date(next);
    return [{ customerId, kind, value, reasons: strongest(reasons, page, row, reasonCount), nextChangeAt }];
  });
  return { values, scores };
}

/** What moves the score of a row most, the strongest first. */
export function strongest({ columns, contributions }: Reasons, page: FeaturePage, row: number, most: number): ScoreReason[] {
  const byName = new Map(page.columns.map((column) => [column.name, column]));
  const first = row * columns.length;
  const order = [...columns.keys()]
    .filter((column) => contributions[first + column] !== 0)
    .sort((a, b) => Math.abs(contributions[first + b] ?? 0) - Math.abs(contributions[first + a] ?? 0));
  return order.slice(0, most).map((place) => {
    const feature = columns[place] ?? '';
    const column = byName.get(feature);
    const value = column === undefined ? null : valueAt(column, row);
    return { feature, value, contribution: Number((contributions[first + place] ?? 0).toFixed(4)) };
  });
}
