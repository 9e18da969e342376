import { fitLogistic } from '../linear/logistic.js';

/** Calibrates log-odds: calibrated = offset + slope x raw, slope > 0, so that the order of customers does not change. */
export interface Platt {
  readonly offset: number;
  readonly slope: number;
}

export const uncalibrated: Platt = { offset: 0, slope: 1 };

const leastSlope = 0.01;

/**
 * Platt scaling (Platt 1999): a logistic regression on log-odds that a model gave to customers outside its training data.
 * @param labels 1 if it happened, otherwise 0; one for each log-odds
 */
export function fitPlatt(logOdds: Float64Array, labels: Uint8Array): Platt {
  const { intercept, weights } = fitLogistic({ rows: logOdds.length, columns: 1, values: logOdds }, labels, 1e-6);
  return { offset: intercept, slope: Math.max(leastSlope, weights[0] ?? 1) };
}

/** The calibrated log-odds. */
export function applyPlatt({ offset, slope }: Platt, logOdds: number): number {
  return offset + slope * logOdds;
}
