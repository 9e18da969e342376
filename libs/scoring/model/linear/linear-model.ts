import { missing, type DataColumn, type DataMatrix } from '../data/data-matrix.js';
import { onScale, widthOf, type ColumnDesign } from './design.js';
import type { Logistic } from './logistic.js';
import { curveAt, curveOf } from './spline.js';

/** What a column adds to the log-odds; plain data. Its mean over the rows that were learnt from is 0. */
export type ColumnEffect =
  | {
      readonly type: 'number';
      readonly name: string;
      readonly knots: readonly number[];
      readonly logarithm: boolean;
      /** One a spline column. */
      readonly weights: readonly number[];
      readonly offset: number;
      readonly missing: number;
    }
  | {
      readonly type: 'category';
      readonly name: string;
      /** One a category. */
      readonly effects: readonly number[];
      readonly missing: number;
      /** Of a category that was never seen. */
      readonly unseen: number;
    };

/** log-odds = base + the effects of all columns; the base is the mean over the rows that were learnt from. */
export interface LinearModel {
  readonly base: number;
  readonly effects: readonly ColumnEffect[];
}

/**
 * A regression as effects of columns.
 * @param matrix the rows that were learnt from
 */
export function linearModelOf({ intercept, weights }: Logistic, designs: readonly ColumnDesign[], matrix: DataMatrix): LinearModel {
  let start = 0;
  let base = intercept;
  const effects = designs.map((design, index) => {
    const raw = effectOf(design, weights.slice(start, start + widthOf(design)));
    start += widthOf(design);
    const column = matrix.columns[index];
    if (column === undefined || matrix.rows === 0) return raw;
    const added = new Float64Array(matrix.rows);
    addEffect(raw, column, added, 0, 1);
    const mean = added.reduce((sum, each) => sum + each, 0) / matrix.rows;
    base += mean;
    return shifted(raw, -mean);
  });
  return { base, effects };
}

/** The log-odds of each row. The matrix has the columns that the model learnt from. */
export function scoreLinear({ base, effects }: LinearModel, matrix: DataMatrix): Float64Array {
  const sums = new Float64Array(matrix.rows).fill(base);
  effects.forEach((effect, index) => {
    const column = matrix.columns[index];
    if (column !== undefined) addEffect(effect, column, sums, 0, 1);
  });
  return sums;
}

/** Adds what each column contributes to a row: at `into[row * columns + column]`, `share` times. */
export function addLinearContributions({ effects }: LinearModel, matrix: DataMatrix, into: Float64Array, share: number): void {
  effects.forEach((effect, index) => {
    const column = matrix.columns[index];
    if (column !== undefined) addEffect(effect, column, into, index, effects.length, share);
  });
}

function addEffect(effect: ColumnEffect, column: DataColumn, into: Float64Array, start: number, step: number, share = 1): void {
  const add = (row: number, amount: number): void => {
    const at = start + row * step;
    into[at] = (into[at] ?? 0) + share * amount;
  };
  if (effect.type === 'number' && column.type === 'number') {
    const curve = curveOf(effect.knots, effect.weights);
    column.values.forEach((value, row) => {
      add(row, Number.isNaN(value) ? effect.missing : effect.offset + curveAt(curve, onScale(effect.logarithm, value)));
    });
  } else if (effect.type === 'category' && column.type === 'category') {
    column.codes.forEach((code, row) => {
      add(row, code === missing ? effect.missing : (effect.effects[code] ?? effect.unseen));
    });
  } else throw new TypeError(`Column ${effect.name} is not of the type that the model learnt from`);
}

function effectOf(design: ColumnDesign, weights: readonly number[]): ColumnEffect {
  const { name, center, scale, missingScale } = design;
  const unscaled = center.map((_, place) => (weights[place] ?? 0) / (scale[place] ?? 1));
  const atMean = center.reduce((sum, middle, place) => sum + middle * (unscaled[place] ?? 0), 0);
  const ofMissing = missingScale === undefined ? 0 : (weights[center.length] ?? 0) / missingScale;
  if (design.type === 'number') {
    return {
      type: 'number',
      name,
      knots: design.knots,
      logarithm: design.logarithm,
      weights: unscaled,
      offset: -atMean,
      missing: ofMissing,
    };
  }
  const effects = design.placeOf.map((place) => (place < 0 ? atMean : (unscaled[place] ?? 0)));
  return { type: 'category', name, effects, missing: atMean + ofMissing, unseen: atMean };
}

function shifted(effect: ColumnEffect, by: number): ColumnEffect {
  if (effect.type === 'number') return { ...effect, offset: effect.offset + by, missing: effect.missing + by };
  const { effects, missing: ofMissing, unseen } = effect;
  return { ...effect, effects: effects.map((each) => each + by), missing: ofMissing + by, unseen: unseen + by };
}
