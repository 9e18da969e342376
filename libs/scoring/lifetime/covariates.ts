import type { Features } from '../features/feature.js';
import type { DataColumn, DataMatrix } from '../model/data/data-matrix.js';
import { leastOfAValue } from '../model/linear/design.js';
import type { Matrix } from '../model/linear/logistic.js';

/** How one feature becomes columns of a matrix: a number one, a category one for each of its words. Plain data. */
export type Covariate =
  | { readonly type: 'number'; readonly feature: string; readonly logarithm: boolean; readonly mean: number }
  | { readonly type: 'category'; readonly feature: string; readonly words: readonly string[] };

/** How the columns of a training set become covariates; a feature that nobody has, or that is the same for all, becomes none. */
export function covariatesOf(features: Features, { columns }: DataMatrix): Covariate[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return Object.entries(features).flatMap(([feature, declared]): Covariate[] => {
    const column = byName.get(feature);
    if (column === undefined) return [];
    if (column.type === 'category') {
      const words = column.words.filter((_, code) => isFrequent(column.codes, code));
      return words.length === 0 ? [] : [{ type: 'category', feature, words }];
    }
    const logarithm = declared.type === 'number' && declared.logarithm;
    const known = column.values.filter((value) => !Number.isNaN(value)).map((value) => scaled(value, logarithm));
    if (known.length === 0 || known.every((value) => value === known[0])) return [];
    return [{ type: 'number', feature, logarithm, mean: known.reduce((sum, value) => sum + value, 0) / known.length }];
  });
}

function isFrequent(codes: Int32Array, code: number): boolean {
  const count = codes.reduce((sum, each) => sum + Number(each === code), 0);
  return count >= leastOfAValue && count < codes.length;
}

/** The name of the feature behind each column of the matrix. */
export function featureOfColumn(covariates: readonly Covariate[]): string[] {
  return covariates.flatMap((each) => (each.type === 'number' ? [each.feature] : each.words.map(() => each.feature)));
}

/** The covariates of some rows; a number that is not known is the average, and an unknown category none of the words. */
export function toCovariates(covariates: readonly Covariate[], { rows, columns: read }: DataMatrix): Matrix {
  const byName = new Map(read.map((column) => [column.name, column]));
  const columns = featureOfColumn(covariates).length;
  const values = new Float64Array(rows * columns);
  let first = 0;
  for (const covariate of covariates) {
    fill(values, { first, columns, rows }, covariate, byName.get(covariate.feature));
    first += covariate.type === 'number' ? 1 : covariate.words.length;
  }
  return { rows, columns, values };
}

interface Place {
  readonly first: number;
  readonly columns: number;
  readonly rows: number;
}

function fill(values: Float64Array, { first, columns, rows }: Place, covariate: Covariate, column: DataColumn | undefined): void {
  for (let row = 0; row < rows; row++) {
    const start = row * columns + first;
    if (covariate.type === 'number') {
      const value = column?.type === 'number' ? scaled(column.values[row] ?? NaN, covariate.logarithm) : NaN;
      values[start] = Number.isNaN(value) ? covariate.mean : value;
    } else if (column?.type === 'category') {
      const place = covariate.words.indexOf(column.words[column.codes[row] ?? -1] ?? '');
      if (place >= 0) values[start + place] = 1;
    }
  }
}

const scaled = (value: number, logarithm: boolean): number => (logarithm ? Math.log1p(Math.max(0, value)) : value);
