import { createRandom, type Random } from '../../../platform/random.js';
import { sigmoid, softplus } from '../linear/logistic.js';
import { binCount, type BinnedRows } from './bins.js';
import { EnsembleBuilder, mostDepth, type Ensemble } from './ensemble.js';
import { TreeGrower } from './grow.js';
import { layoutOf, type Gradients } from './histogram.js';
import type { BoostingSettings } from './settings.js';

/** Rows to measure the loss on after each tree, and after how many trees without a lower one to stop. */
export interface Watch {
  readonly rows: Uint32Array;
  readonly stopAfter: number;
}

export interface Trained {
  readonly ensemble: Ensemble;
  /** The mean loss on the watched rows after each tree; empty where none is watched. */
  readonly losses: readonly number[];
}

/**
 * Stochastic gradient boosting of trees over histograms (Friedman 2001 and 2002; Chen and Guestrin 2016, XGBoost; Ke et al. 2017,
 * LightGBM), with second derivatives.
 * @param target one a row of `binned`: 0 or 1 for the logistic loss
 * @param rows those to learn from
 * @throws RangeError where trees are to be deeper than `mostDepth`
 */
export function trainBoosting(
  binned: BinnedRows,
  target: ArrayLike<number>,
  settings: BoostingSettings,
  rows: Uint32Array,
  watch?: Watch,
): Trained {
  if (settings.depth > mostDepth) throw new RangeError(`Trees may be ${mostDepth} deep at most, not ${settings.depth}`);
  const random = createRandom(settings.seed);
  const gradients: Gradients = { first: new Float64Array(binned.rows), second: new Float64Array(binned.rows) };
  const binCounts = binned.columns.map(binCount);
  const builder = new EnsembleBuilder();
  const grower = new TreeGrower(binned, gradients, settings, builder, 2 * binCounts.reduce((sum, count) => sum + count, 0));
  const base = baseOf(target, rows, settings.loss);
  const answers = new Float64Array(binned.rows).fill(base);
  const order = new Int32Array(rows.length);
  const left = new Int32Array(rows.length);
  const losses: number[] = [];
  let bestRound = 0;
  for (let round = 0; round < settings.rounds && rows.length > 0; round++) {
    fillGradients(gradients, answers, target, rows, settings.loss);
    const taken = sampleRows(rows, settings.rowSample, random, order, left);
    const layout = layoutOf(sampleColumns(binCounts, settings.columnSample, random), binCounts);
    const { root, leaves } = grower.grow(order.subarray(0, taken), layout);
    for (const { from, to, answer } of leaves) for (let at = from; at < to; at++) add(answers, order[at] ?? 0, answer);
    for (let at = 0; at < rows.length - taken; at++) add(answers, left[at] ?? 0, builder.follow(root, binned, left[at] ?? 0));
    if (watch === undefined) continue;
    for (const row of watch.rows) add(answers, row, builder.follow(root, binned, row));
    losses.push(meanLoss(answers, target, watch.rows, settings.loss));
    if ((losses[round] ?? 0) < (losses[bestRound] ?? 0)) bestRound = round;
    if (round - bestRound >= watch.stopAfter) break;
  }
  return { ensemble: builder.build(settings.loss, binned.columns, base), losses };
}

function add(answers: Float64Array, row: number, answer: number): void {
  answers[row] = (answers[row] ?? 0) + answer;
}

/** The constant that fits best; half a case of each outcome keeps log-odds finite where only one was seen. */
function baseOf(target: ArrayLike<number>, rows: Uint32Array, loss: BoostingSettings['loss']): number {
  let sum = 0;
  for (const row of rows) sum += target[row] ?? 0;
  if (loss === 'squared') return rows.length === 0 ? 0 : sum / rows.length;
  const [happened, not] = [sum, rows.length - sum];
  return happened > 0 && not > 0 ? Math.log(happened / not) : Math.log((happened + 0.5) / (not + 0.5));
}

function fillGradients(
  { first, second }: Gradients,
  answers: Float64Array,
  target: ArrayLike<number>,
  rows: Uint32Array,
  loss: BoostingSettings['loss'],
): void {
  for (const row of rows) {
    const answer = answers[row] ?? 0;
    const fitted = loss === 'logistic' ? sigmoid(answer) : answer;
    first[row] = fitted - (target[row] ?? 0);
    second[row] = loss === 'logistic' ? Math.max(fitted * (1 - fitted), 1e-16) : 1;
  }
}

function meanLoss(answers: Float64Array, target: ArrayLike<number>, rows: Uint32Array, loss: BoostingSettings['loss']): number {
  let sum = 0;
  for (const row of rows) {
    const answer = answers[row] ?? 0;
    const wanted = target[row] ?? 0;
    sum += loss === 'logistic' ? softplus(answer) - wanted * answer : (wanted - answer) ** 2;
  }
  return sum / rows.length;
}

/** Deals the rows into those taken and those left. @returns how many were taken */
function sampleRows(rows: Uint32Array, share: number, random: Random, takenRows: Int32Array, leftRows: Int32Array): number {
  let taken = 0;
  let left = 0;
  for (const row of rows) {
    if (share >= 1 || random.next() < share) takenRows[taken++] = row;
    else leftRows[left++] = row;
  }
  return taken;
}

/** Some of the columns that have more than one bin beside the one for missing values, ascending. */
function sampleColumns(binCounts: readonly number[], share: number, random: Random): number[] {
  const columns = [...binCounts.keys()].filter((column) => (binCounts[column] ?? 0) > 1);
  const wanted = Math.max(1, Math.round(share * columns.length));
  for (let place = 0; place < wanted && place < columns.length; place++) {
    const other = place + random.below(columns.length - place);
    [columns[place], columns[other]] = [columns[other] ?? 0, columns[place] ?? 0];
  }
  return columns.slice(0, wanted).sort((a, b) => a - b);
}
