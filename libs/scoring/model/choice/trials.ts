import { binRows, fitBins, type BinnedRows } from '../boosting/bins.js';
import { firstTrees, type Ensemble } from '../boosting/ensemble.js';
import { followAll } from '../boosting/score.js';
import type { BoostingSettings } from '../boosting/settings.js';
import { trainBoosting } from '../boosting/train.js';
import type { DataMatrix } from '../data/data-matrix.js';
import { designRows, fitDesign, type NumberSettings } from '../linear/design.js';
import { linearModelOf, type LinearModel } from '../linear/linear-model.js';
import { fitLogistic, logOddsOf, softplus, type Logistic } from '../linear/logistic.js';
import type { Split } from './splits.js';

/** One way to learn, tried on rows that its models had not seen. */
export type Trial = LogisticTrial | BoostingTrial | BlendTrial;

interface Tried {
  readonly name: string;
  /** One a row; NaN where no split tests the row. */
  readonly logOdds: Float64Array;
}

export interface LogisticTrial extends Tried {
  readonly way: 'logistic';
  readonly l2: number;
  readonly numbers: Readonly<Record<string, NumberSettings>>;
}

export interface BoostingTrial extends Tried {
  readonly way: 'boosting';
  /** With the number of trees that did best. */
  readonly settings: BoostingSettings;
}

export interface BlendTrial extends Tried {
  readonly way: 'blend';
  readonly linear: LogisticTrial;
  readonly boosting: BoostingTrial;
  /** How much of the log-odds is the linear model's. */
  readonly linearShare: number;
}

/** Penalties that are tried where none is given, the strongest first. */
const penalties = [300, 100, 30, 10, 3, 1, 0.3];

/**
 * Tries logistic regression. Where no penalty is given, the one with the least log-loss on the tested rows is taken; one
 * number chosen from seven makes that log-loss look better than it is by next to nothing.
 */
export function tryLogistic(
  name: string,
  matrix: DataMatrix,
  labels: Uint8Array,
  splits: readonly Split[],
  { l2, numbers = {} }: { readonly l2?: number; readonly numbers?: Readonly<Record<string, NumberSettings>> },
): LogisticTrial {
  const design = designRows(matrix, fitDesign(matrix, numbers));
  const grid = l2 === undefined ? penalties : [l2];
  const answers = grid.map(() => new Float64Array(matrix.rows).fill(NaN));
  for (const { learn, test } of splits) {
    let start: Logistic | undefined;
    grid.forEach((penalty, index) => {
      start = fitLogistic(design, labels, penalty, { rows: learn, ...(start === undefined ? {} : { start }) });
      for (const row of test) (answers[index] ?? new Float64Array())[row] = logOddsOf(start, design, row);
    });
  }
  const losses = answers.map((each) => meanLoss(each, labels));
  const best = losses.indexOf(Math.min(...losses));
  return { way: 'logistic', name, numbers, l2: grid[best] ?? 1, logOdds: answers[best] ?? new Float64Array() };
}

/** Logistic regression on all rows. */
export function fitLinear(matrix: DataMatrix, labels: Uint8Array, { l2, numbers }: Pick<LogisticTrial, 'l2' | 'numbers'>): LinearModel {
  const designs = fitDesign(matrix, numbers);
  return linearModelOf(fitLogistic(designRows(matrix, designs), labels, l2), designs, matrix);
}

const stopAfter = 40;

/**
 * Tries boosting, with the number of trees that has the least log-loss on the tested rows of all splits together.
 * @param binned all rows; bins know nothing of the outcome, so all splits share them
 */
export function tryBoosting(
  name: string,
  binned: BinnedRows,
  labels: Uint8Array,
  splits: readonly Split[],
  settings: BoostingSettings,
): BoostingTrial {
  const runs = splits.map(({ learn, test }) => trainBoosting(binned, labels, settings, learn, { rows: test, stopAfter }));
  const longest = Math.min(...runs.map(({ losses }) => losses.length));
  const totals = Array.from({ length: longest }, (_, round) =>
    runs.reduce((sum, { losses }, index) => sum + (losses[round] ?? 0) * (splits[index]?.test.length ?? 0), 0),
  );
  const rounds = totals.length === 0 ? 0 : totals.indexOf(Math.min(...totals)) + 1;
  const logOdds = new Float64Array(binned.rows).fill(NaN);
  runs.forEach(({ ensemble }, index) => followAll(firstTrees(ensemble, rounds), binned, splits[index]?.test ?? new Uint32Array(), logOdds));
  return { way: 'boosting', name, settings: { ...settings, rounds }, logOdds };
}

/** Boosting on all rows. */
export function fitBoosting(matrix: DataMatrix, labels: ArrayLike<number>, settings: BoostingSettings): Ensemble {
  const binned = binRows(matrix, fitBins(matrix, settings.bins));
  return trainBoosting(
    binned,
    labels,
    settings,
    Uint32Array.from({ length: matrix.rows }, (_, row) => row),
  ).ensemble;
}

const shares = [0.2, 0.35, 0.5, 0.65, 0.8];

/** Tries a weighted mean of two models' log-odds, with the weight that has the least log-loss on the tested rows. */
export function tryBlend(linear: LogisticTrial, boosting: BoostingTrial, labels: Uint8Array): BlendTrial {
  const blended = shares.map((share) => linear.logOdds.map((z, row) => share * z + (1 - share) * (boosting.logOdds[row] ?? NaN)));
  const losses = blended.map((each) => meanLoss(each, labels));
  const best = losses.indexOf(Math.min(...losses));
  return {
    way: 'blend',
    name: `blend with ${boosting.name}`,
    linear,
    boosting,
    linearShare: shares[best] ?? 0.5,
    logOdds: blended[best] ?? new Float64Array(),
  };
}

/** The log-loss of each row; NaN where it was not tested. */
export function lossesOf(logOdds: Float64Array, labels: Uint8Array): Float64Array {
  return logOdds.map((z, row) => softplus(z) - (labels[row] ?? 0) * z);
}

function meanLoss(logOdds: Float64Array, labels: Uint8Array): number {
  const losses = lossesOf(logOdds, labels).filter((loss) => !Number.isNaN(loss));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
