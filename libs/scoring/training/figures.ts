import type { DataMatrix } from '../model/data/data-matrix.js';
import { partialDependence, type Dependence } from '../model/partial-dependence.js';
import { ascending } from '../model/quality/metrics.js';
import { bootstrapInterval } from '../model/quality/interval.js';
import { auc, brier, ece, logLoss } from '../model/quality/metrics.js';
import { expectedMaximumProfit, type ExpectedProfit } from '../model/quality/profit.js';
import type { Reasons, Scorer } from '../model/scorer.js';
import { thresholdsOf, type ThresholdPoint } from './thresholds.js';

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What people look at before they trust a model, on the customers that it was measured on. */
export interface ModelFigures {
  /** Which way of learning was chosen, and why. */
  readonly chosen: string;
  readonly because: string;
  /** With 95% intervals. */
  readonly intervals: { readonly auc: Interval; readonly logLoss: Interval; readonly brier: Interval; readonly calibrationError: Interval };
  /** Ten groups of about the same size, by score: what was predicted on average, and what happened. */
  readonly calibration: readonly { readonly predicted: number; readonly happened: number; readonly customers: number }[];
  /** How much each feature moves scores on average (log-odds), the strongest first. */
  readonly drivers: readonly { readonly feature: string; readonly moves: number }[];
  /** How the score depends on each of the strongest features. */
  readonly dependence: readonly { readonly feature: string; readonly points: readonly Dependence[] }[];
  readonly profit: ExpectedProfit;
  /** Who is above each threshold, and to how many of them it happened. */
  readonly thresholds: readonly ThresholdPoint[];
}

const groups = 10;
const mostShown = 8;

/** @param labels 1 if it happened, otherwise 0; one for each row */
export function figuresOf(
  scorer: Scorer,
  rows: DataMatrix,
  labels: Uint8Array,
  { chosen, because, seed }: { readonly chosen: string; readonly because: string; readonly seed: string },
): ModelFigures {
  const likelihoods = scorer.values(rows);
  const drivers = driversOf(scorer.reasons(rows));
  return {
    chosen,
    because,
    intervals: {
      auc: bootstrapInterval(auc, likelihoods, labels, { seed }),
      logLoss: bootstrapInterval(logLoss, likelihoods, labels, { seed }),
      brier: bootstrapInterval(brier, likelihoods, labels, { seed }),
      calibrationError: bootstrapInterval(ece, likelihoods, labels, { seed }),
    },
    calibration: calibrationOf(likelihoods, labels),
    drivers,
    dependence: drivers
      .slice(0, mostShown)
      .map(({ feature }) => ({ feature, points: partialDependence((each) => scorer.values(each), rows, feature) })),
    profit: expectedMaximumProfit(likelihoods, labels),
    thresholds: thresholdsOf(likelihoods, labels),
  };
}

/** How much each column moves the scores of these rows on average, the strongest first. */
export function driversOf({ columns, contributions }: Reasons): { readonly feature: string; readonly moves: number }[] {
  const rows = columns.length === 0 ? 0 : contributions.length / columns.length;
  const moves = new Float64Array(columns.length);
  for (let place = 0; place < contributions.length; place++) {
    const column = place % columns.length;
    moves[column] = (moves[column] ?? 0) + Math.abs(contributions[place] ?? 0);
  }
  return columns
    .map((feature, column) => ({ feature, moves: rows === 0 ? 0 : (moves[column] ?? 0) / rows }))
    .sort((a, b) => b.moves - a.moves);
}

function calibrationOf(likelihoods: Float64Array, labels: Uint8Array): ModelFigures['calibration'] {
  const order = ascending(likelihoods);
  return Array.from({ length: groups }, (_, group) => {
    const rows = order.subarray(Math.floor((group * order.length) / groups), Math.floor(((group + 1) * order.length) / groups));
    const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return { predicted: mean((row) => likelihoods[row] ?? 0), happened: mean((row) => labels[row] ?? 0), customers: rows.length };
  }).filter(({ customers }) => customers > 0);
}
