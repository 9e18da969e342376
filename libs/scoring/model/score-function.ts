import { z } from 'zod';
import type { ScoreDeclaration } from '../declaration.js';
import type { ScoreReason } from '../../scores/score.entity.js';
import { createRandom } from '../../platform/random.js';
import { applyPlatt, fitPlatt, uncalibrated } from './calibration/platt.js';
import { encodeRows, fitEncodings, type FeatureRow } from './features.js';
import { fitLogistic, logOddsOf, sigmoid, type Matrix } from './linear/logistic.js';

const columns = { name: z.string(), center: z.array(z.number()), scale: z.array(z.number()) };

/** A trained model as plain data: everything that scoring needs. */
const scoreFunction = z.object({
  encodings: z.array(
    z.discriminatedUnion('type', [
      z.object({ ...columns, type: z.literal('number'), knots: z.array(z.number()), logarithm: z.boolean() }),
      z.object({ ...columns, type: z.literal('category'), values: z.array(z.string()), same: z.record(z.string(), z.string()) }),
      z.object({ ...columns, type: z.literal('flag') }),
    ]),
  ),
  intercept: z.number(),
  weights: z.array(z.number()),
  calibration: z.object({ offset: z.number(), slope: z.number().positive() }),
});
export type ScoreFunction = z.infer<typeof scoreFunction>;

/** Reads a model's stored parameters. @throws ZodError if they are not a model's */
export function readScoreFunction(parameters: unknown): ScoreFunction {
  return scoreFunction.parse(parameters);
}

export interface Labelled {
  readonly rows: readonly FeatureRow[];
  /** 1 if the target happened, otherwise 0; one for each row. */
  readonly labels: Uint8Array;
}

const folds = 5;

/**
 * Learns a score: encodings, weights on all rows, and a calibration on log-odds that each row got from a model trained without it (`seed`
 * divides the rows into folds).
 */
export function trainScoreFunction(
  declared: Pick<ScoreDeclaration, 'features' | 'l2'>,
  { rows, labels }: Labelled,
  seed: string,
): ScoreFunction {
  const encodings = fitEncodings(declared.features, rows);
  const matrix = encodeRows(encodings, rows);
  const unseen = logOddsOfUnseen(matrix, labels, declared.l2, seed);
  const { intercept, weights } = fitLogistic(matrix, labels, declared.l2);
  return {
    encodings: encodings as ScoreFunction['encodings'],
    intercept,
    weights: [...weights],
    calibration: rows.length < folds * 2 ? uncalibrated : fitPlatt(unseen, labels),
  };
}

/** A score and its reasons, for one row. */
export interface Scored {
  /** Calibrated likelihood in (0, 1). */
  readonly value: number;
  readonly reasons: ScoreReason[];
}

/**
 * Scores rows. A reason's contribution is what its feature adds to the calibrated log-odds compared with the average customer
 * the model has learnt from; all contributions and the average together are the score.
 * @param reasonCount how many reasons to give, the strongest first
 */
export function scoreRows(model: ScoreFunction, rows: readonly FeatureRow[], reasonCount: number): Scored[] {
  const matrix = encodeRows(model.encodings, rows);
  return rows.map((row, index) => ({
    value: sigmoid(applyPlatt(model.calibration, logOddsOf(model, matrix, index))),
    reasons: contributions(model, matrix, index)
      .map((contribution, feature) => reason(model.encodings[feature]?.name ?? '', row, contribution))
      .filter((each) => each.contribution !== 0)
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .slice(0, reasonCount),
  }));
}

/** The features that change the score most over all customers, the strongest first. */
export function strongestFeatures(model: ScoreFunction, most: number): string[] {
  let column = 0;
  return model.encodings
    .map(({ name, center }) => ({ name, weight: Math.hypot(...center.map(() => model.weights[column++] ?? 0)) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ name }) => name);
}

/** The calibrated log-odds of the average customer: contributions are measured from it. */
export function averageLogOdds(model: ScoreFunction): number {
  return applyPlatt(model.calibration, model.intercept);
}

function reason(feature: string, row: FeatureRow, contribution: number): ScoreReason {
  return { feature, value: row[feature] ?? null, contribution: Number(contribution.toFixed(4)) };
}

function contributions(model: ScoreFunction, matrix: Matrix, index: number): number[] {
  let position = index * matrix.columns;
  let column = 0;
  return model.encodings.map(({ center }) => {
    let sum = 0;
    for (let count = 0; count < center.length; count++) sum += (model.weights[column++] ?? 0) * (matrix.values[position++] ?? 0);
    return model.calibration.slope * sum;
  });
}

function logOddsOfUnseen(matrix: Matrix, labels: Uint8Array, l2: number, seed: string): Float64Array {
  const random = createRandom(`${seed}:folds`);
  const foldOf = Uint8Array.from(labels, () => random.below(folds));
  const result = new Float64Array(matrix.rows);
  for (let fold = 0; fold < folds; fold++) {
    const seen = rowsWhere(foldOf, (each) => each !== fold);
    const model = fitLogistic(
      pickRows(matrix, seen),
      Uint8Array.from(seen, (row) => labels[row] ?? 0),
      l2,
    );
    for (const row of rowsWhere(foldOf, (each) => each === fold)) result[row] = logOddsOf(model, matrix, row);
  }
  return result;
}

function rowsWhere(foldOf: Uint8Array, wanted: (fold: number) => boolean): Uint32Array {
  return Uint32Array.from(foldOf.keys()).filter((row) => wanted(foldOf[row] ?? 0));
}

function pickRows({ columns, values }: Matrix, rows: Uint32Array): Matrix {
  const picked = new Float64Array(rows.length * columns);
  rows.forEach((row, index) => picked.set(values.subarray(row * columns, (row + 1) * columns), index * columns));
  return { rows: rows.length, columns, values: picked };
}
