import { missing, type CategoryColumn, type DataMatrix, type NumberColumn } from '../data/data-matrix.js';
import type { Matrix } from './logistic.js';
import { quantileKnots, splineColumns } from './spline.js';

/** How a number is bent: `knots` of its natural cubic spline, and whether on a logarithmic scale. */
export interface NumberSettings {
  readonly knots: number;
  readonly logarithm: boolean;
}

interface Scales {
  readonly name: string;
  /** Mean and deviation of each design column where the value is known. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Deviation of the column that says that the value is missing; undefined where there is none. */
  readonly missingScale: number | undefined;
}

/** How a column of data becomes columns of a regression: a spline for a number, one column for each frequent category. */
export type ColumnDesign =
  | (Scales & NumberDesign)
  | (Scales & {
      readonly type: 'category';
      /** The design column of each category; -1 for a rare one. */
      readonly placeOf: readonly number[];
    });

interface NumberDesign {
  readonly type: 'number';
  readonly knots: readonly number[];
  readonly logarithm: boolean;
}

/** Fewer rows than this of a category, or without a value, say nothing that can be learnt. */
export const leastOfAValue = 10;
const mostCategories = 60;
export const defaultNumber: NumberSettings = { knots: 5, logarithm: false };

/** The same scales without bends: a straight line for each number. */
export function straightLines(matrix: DataMatrix, numbers: Readonly<Record<string, NumberSettings>> = {}): Record<string, NumberSettings> {
  return Object.fromEntries(matrix.columns.map(({ name }) => [name, { ...(numbers[name] ?? defaultNumber), knots: 2 }]));
}

/** Learns from the rows how each column is turned into columns of the regression. */
export function fitDesign(matrix: DataMatrix, numbers: Readonly<Record<string, NumberSettings>> = {}): ColumnDesign[] {
  return matrix.columns.map((column) => {
    if (column.type === 'number') return numberDesign(column, numbers[column.name] ?? defaultNumber);
    return categoryDesign(column);
  });
}

/** How many columns a regression has for it: the last one says that the value is missing, where there is such a column. */
export function widthOf({ center, missingScale }: ColumnDesign): number {
  return center.length + (missingScale === undefined ? 0 : 1);
}

/**
 * The rows of a regression. A value that is missing, rare or was never seen stands at the mean. Columns of categories are scaled and not
 * centred, which the free intercept makes up for, so that most of them are 0.
 */
export function designRows(matrix: DataMatrix, designs: readonly ColumnDesign[]): Matrix {
  const columns = designs.reduce((sum, design) => sum + widthOf(design), 0);
  const values = new Float64Array(matrix.rows * columns);
  let start = 0;
  designs.forEach((design, index) => {
    const column = matrix.columns[index];
    if (column?.type === 'number' && design.type === 'number') numberRows(column, design, values, start, columns);
    else if (column?.type === 'category' && design.type === 'category') categoryRows(column, design, values, start, columns);
    else throw new TypeError(`Column ${design.name} is not of the type that the model learnt from`);
    start += widthOf(design);
  });
  return { rows: matrix.rows, columns, values };
}

/** Amounts and durations that differ by a factor rather than by a sum bend less on a logarithmic scale. */
export function onScale(logarithm: boolean, value: number): number {
  return logarithm ? Math.log1p(Math.max(0, value)) : value;
}

function numberDesign({ name, values }: NumberColumn, { knots: count, logarithm }: NumberSettings): ColumnDesign {
  const known = [...values.filter((value) => !Number.isNaN(value))].map((value) => onScale(logarithm, value));
  const knots = quantileKnots(known, count);
  const rows = known.map((value) => splineColumns(knots, value));
  const center = splineColumns(knots, 0).map((_, place) => mean(rows, (row) => row[place] ?? 0));
  const scale = center.map((middle, place) => Math.sqrt(mean(rows, (row) => ((row[place] ?? 0) - middle) ** 2)) || 1);
  return { type: 'number', name, knots, logarithm, center, scale, missingScale: missingScale(values.length - known.length, values.length) };
}

function categoryDesign({ name, codes, words }: CategoryColumn): ColumnDesign {
  const counts = new Array<number>(words.length).fill(0);
  let without = 0;
  for (const code of codes) {
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
    else if (code === missing) without++;
  }
  const frequent = [...counts.keys()].filter((code) => (counts[code] ?? 0) >= leastOfAValue);
  const kept = frequent.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b).slice(0, mostCategories);
  kept.sort((a, b) => a - b);
  const placeOf = counts.map((_, code) => kept.indexOf(code));
  const known = kept.reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  const center = kept.map((code) => (counts[code] ?? 0) / known);
  return {
    type: 'category',
    name,
    placeOf,
    center,
    scale: center.map((share) => deviation(share) || 1),
    missingScale: missingScale(without, codes.length),
  };
}

function missingScale(without: number, rows: number): number | undefined {
  return without < leastOfAValue || rows - without < leastOfAValue ? undefined : deviation(without / rows);
}

const deviation = (share: number): number => Math.sqrt(share * (1 - share));

function numberRows(
  { values: of }: NumberColumn,
  design: ColumnDesign & NumberDesign,
  into: Float64Array,
  start: number,
  step: number,
): void {
  const { knots, logarithm, center, scale, missingScale: ofMissing } = design;
  of.forEach((value, row) => {
    const at = start + row * step;
    if (Number.isNaN(value)) {
      if (ofMissing !== undefined) into[at + center.length] = 1 / ofMissing;
      return;
    }
    splineColumns(knots, onScale(logarithm, value)).forEach((raw, place) => {
      into[at + place] = (raw - (center[place] ?? 0)) / (scale[place] ?? 1);
    });
  });
}

function categoryRows(
  { codes }: CategoryColumn,
  { placeOf, center, scale, missingScale: ofMissing }: ColumnDesign & { readonly type: 'category' },
  into: Float64Array,
  start: number,
  step: number,
): void {
  codes.forEach((code, row) => {
    const at = start + row * step;
    const place = code < 0 ? -1 : (placeOf[code] ?? -1);
    if (place >= 0) into[at + place] = 1 / (scale[place] ?? 1);
    else center.forEach((share, each) => (into[at + each] = share / (scale[each] ?? 1)));
    if (code === missing && ofMissing !== undefined) into[at + center.length] = 1 / ofMissing;
  });
}

function mean<T>(values: readonly T[], of: (value: T) => number): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + of(value), 0) / values.length;
}
