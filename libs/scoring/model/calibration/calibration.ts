import { createRandom } from '../../../platform/random.js';
import { softplus } from '../linear/logistic.js';
import { applyIsotonic, fitIsotonic, type Isotonic } from './isotonic.js';
import { applyPlatt, fitPlatt, type Platt } from './platt.js';

/** An increasing map from a model's log-odds to calibrated ones. */
export type Calibration =
  { readonly method: 'none' } | ({ readonly method: 'platt' } & Platt) | ({ readonly method: 'isotonic' } & Isotonic);

/** The calibrated log-odds. */
export function calibrate(calibration: Calibration, logOdds: number): number {
  switch (calibration.method) {
    case 'none':
      return logOdds;
    case 'platt':
      return applyPlatt(calibration, logOdds);
    case 'isotonic':
      return applyIsotonic(calibration, logOdds);
  }
}

/** Isotonic regression bends too easily on fewer rows (Niculescu-Mizil and Caruana 2005: Predicting good probabilities, section 5). */
const leastForIsotonic = 1000;
const leastForPlatt = 50;
const folds = 5;

/** How each method did, on rows that its map was not fitted on: mean log-loss, and how sure its distance from the best one is. */
export interface CalibrationTrial {
  readonly method: Calibration['method'];
  readonly logLoss: number;
  /** By how much it is above the lowest log-loss, with the standard error of this difference. */
  readonly above: number;
  readonly error: number;
}

/**
 * Chooses between no calibration, Platt scaling and isotonic regression by cross-fitting: each is fitted on four fifths of the rows and
 * measured on the fifth. The simplest method within one standard error of the best is taken, and fitted on all rows.
 * @param logOdds given by models that had not seen these rows
 */
export function chooseCalibration(
  logOdds: Float64Array,
  labels: Uint8Array,
  seed: string,
): { readonly calibration: Calibration; readonly trials: readonly CalibrationTrial[] } {
  const methods = methodsFor(labels);
  const random = createRandom(`${seed}:calibration`);
  const foldOf = Uint8Array.from(labels, () => random.below(folds));
  const losses = methods.map((method) => lossesOf(method, logOdds, labels, foldOf));
  const means = losses.map(mean);
  const best = means.indexOf(Math.min(...means));
  const trials = methods.map((method, index): CalibrationTrial => {
    const differences = (losses[index] ?? new Float64Array()).map((loss, row) => loss - (losses[best]?.[row] ?? 0));
    return { method, logLoss: means[index] ?? 0, above: mean(differences), error: standardError(differences) };
  });
  const chosen = trials.find(({ above, error }) => above <= error)?.method ?? 'none';
  return { calibration: fitCalibration(chosen, logOdds, labels), trials };
}

export function fitCalibration(method: Calibration['method'], logOdds: Float64Array, labels: Uint8Array): Calibration {
  switch (method) {
    case 'none':
      return { method };
    case 'platt':
      return { method, ...fitPlatt(logOdds, labels) };
    case 'isotonic':
      return { method, ...fitIsotonic(logOdds, labels) };
  }
}

/** The methods that so many rows allow, the simplest first. */
function methodsFor(labels: Uint8Array): Calibration['method'][] {
  const happened = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, labels.length - happened) < leastForPlatt) return ['none'];
  return labels.length < leastForIsotonic ? ['none', 'platt'] : ['none', 'platt', 'isotonic'];
}

function lossesOf(method: Calibration['method'], logOdds: Float64Array, labels: Uint8Array, foldOf: Uint8Array): Float64Array {
  const losses = new Float64Array(labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const calibration = fitCalibration(
      method,
      logOdds.filter((_, row) => foldOf[row] !== fold),
      labels.filter((_, row) => foldOf[row] !== fold),
    );
    labels.forEach((label, row) => {
      if (foldOf[row] !== fold) return;
      const z = calibrate(calibration, logOdds[row] ?? 0);
      losses[row] = softplus(z) - label * z;
    });
  }
  return losses;
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: Float64Array): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length);
}
