import { fitLogistic } from '../linear/logistic.js';

/** Straightens log-odds: calibrated = offset + slope x raw, slope > 0, so that the order of customers stays. */
export interface Platt {
  readonly offset: number;
  readonly slope: number;
}

export const uncalibrated: Platt = { offset: 0, slope: 1 };

const leastSlope = 0.01;

/**
 * Platt scaling (Platt 1999): a logistic regression on log-odds that a model gave to customers it had not seen.
 * @param labels 1 where it happened, else 0, one a log-odds
 */
export function fitPlatt(logOdds: Float64Array, labels: Uint8Array): Platt {
  const { intercept, weights } = fitLogistic({ rows: logOdds.length, columns: 1, values: logOdds }, labels, 1e-6);
  return { offset: intercept, slope: Math.max(leastSlope, weights[0] ?? 1) };
}

/** The calibrated log-odds. */
export function applyPlatt({ offset, slope }: Platt, logOdds: number): number {
  return offset + slope * logOdds;
}
