import { addTreeContributions } from './boosting/contributions.js';
import type { Ensemble } from './boosting/ensemble.js';
import { scoreEnsemble } from './boosting/score.js';
import { calibrate, type Calibration } from './calibration/calibration.js';
import { withShape, type ColumnShape, type DataMatrix } from './data/data-matrix.js';
import { addLinearContributions, scoreLinear, type LinearModel } from './linear/linear-model.js';
import { sigmoid } from './linear/logistic.js';

/**
 * A trained classifier: raw log-odds = base + share of the linear model x its log-odds + the rest x the boosted trees', then calibrated.
 * At least one of the two models is there, or the base alone, where there was too little to learn from.
 */
export interface Classifier {
  readonly shapes: readonly ColumnShape[];
  readonly base: number;
  readonly linear: LinearModel | undefined;
  readonly boosting: Ensemble | undefined;
  /** From 0, boosted trees alone, to 1, the linear model alone. */
  readonly linearShare: number;
  readonly calibration: Calibration;
}

/** The calibrated likelihood of each row. Columns are found by name; what the classifier does not know is left aside. */
export function likelihoodsOf(classifier: Classifier, matrix: DataMatrix): Float64Array {
  const { calibration } = classifier;
  return rawLogOdds(classifier, withShape(matrix, classifier.shapes)).map((z) => sigmoid(calibrate(calibration, z)));
}

/** Why the rows have their scores: log-odds = base + all contributions of the row + the row's calibration. */
export interface Explanation {
  /** The names of the columns, in the order of the contributions. */
  readonly columns: readonly string[];
  /** Calibrated, one a row; the score is their sigmoid. */
  readonly logOdds: Float64Array;
  /** The raw log-odds that are expected where nothing is known of a row. */
  readonly base: number;
  /** What each column adds to the raw log-odds: `contributions[row * columns.length + column]`. */
  readonly contributions: Float64Array;
  /** What calibration adds, one a row: calibrated less raw log-odds. */
  readonly calibration: Float64Array;
}

/**
 * Explains rows. Of the linear model, a column's contribution is its effect compared with the mean effect; of trees, it is its
 * path-dependent Shapley value (boosting/contributions.ts); of a blend, both in their shares.
 */
export function explain(classifier: Classifier, matrix: DataMatrix): Explanation {
  const { linear, boosting, linearShare, shapes } = classifier;
  const shaped = withShape(matrix, shapes);
  const contributions = new Float64Array(shaped.rows * shapes.length);
  let base = classifier.base;
  if (linear !== undefined) {
    base += linearShare * linear.base;
    addLinearContributions(linear, shaped, contributions, linearShare);
  }
  if (boosting !== undefined) base += (1 - linearShare) * addTreeContributions(boosting, shaped, contributions, 1 - linearShare);
  const raw = rawLogOdds(classifier, shaped);
  const logOdds = raw.map((z) => calibrate(classifier.calibration, z));
  return {
    columns: shapes.map(({ name }) => name),
    logOdds,
    base,
    contributions,
    calibration: logOdds.map((z, row) => z - (raw[row] ?? 0)),
  };
}

function rawLogOdds({ base, linear, boosting, linearShare }: Classifier, shaped: DataMatrix): Float64Array {
  const sums = new Float64Array(shaped.rows).fill(base);
  const add = (logOdds: Float64Array, share: number): void => {
    for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] ?? 0) + share * (logOdds[row] ?? 0);
  };
  if (linear !== undefined) add(scoreLinear(linear, shaped), linearShare);
  if (boosting !== undefined) add(scoreEnsemble(boosting, shaped), 1 - linearShare);
  return sums;
}
