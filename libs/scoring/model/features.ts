import { minorPerMajor } from '../../platform/currencies.js';
import type { FeatureDeclaration } from '../declaration.js';
import { quantileKnots, splineColumns } from './linear/spline.js';
import type { Matrix } from './linear/logistic.js';

/** The columns and attributes of one customer, by their names in rules. */
export type FeatureRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The row of a customer: its attributes, and its columns under the names that rules use; the charge in major units. */
export function toFeatureRow(customer: {
  readonly plan: string | null;
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
  readonly tenure: number | null;
  readonly attributes: FeatureRow;
}): FeatureRow {
  const { attributes, plan, monthlyCharge: minor, currency, tenure } = customer;
  const monthlyCharge = minor === null || currency === null ? null : minor / minorPerMajor(currency);
  return { ...attributes, plan, monthly_charge: monthlyCharge, tenure };
}

/** How one feature becomes numbers: plain data, part of a stored model. `center` and `scale` have one number for each column. */
export type FeatureEncoding = Shape & { readonly name: string; readonly center: readonly number[]; readonly scale: readonly number[] };

type Shape =
  | { readonly type: 'number'; readonly knots: readonly number[]; readonly logarithm: boolean }
  | { readonly type: 'category'; readonly values: readonly string[]; readonly same: Readonly<Record<string, string>> }
  | { readonly type: 'flag' };

type Value = FeatureRow[string];

/** Nothing can be learnt from a value that fewer customers have than this. */
export const leastOfAValue = 10;

/** Learns from the rows how each declared feature is turned into columns of mean 0 and deviation 1. */
export function fitEncodings(features: Readonly<Record<string, FeatureDeclaration>>, rows: readonly FeatureRow[]): FeatureEncoding[] {
  return Object.entries(features).map(([name, feature]) => {
    const shape = fitShape(
      feature,
      rows.map((row) => row[name]),
    );
    const known = rows.map((row) => rawColumns(shape, row[name])).filter((columns) => columns !== undefined);
    const center = (known[0] ?? []).map((_, column) => mean(known.map((columns) => columns[column] ?? 0)));
    const scale = center.map((middle, column) => Math.sqrt(mean(known.map((columns) => ((columns[column] ?? 0) - middle) ** 2))) || 1);
    return { ...shape, name, center, scale };
  });
}

/** The rows as numbers. An unknown or unseen value becomes the mean, so it does not change a score. */
export function encodeRows(encodings: readonly FeatureEncoding[], rows: readonly FeatureRow[]): Matrix {
  const columns = encodings.reduce((sum, encoding) => sum + encoding.center.length, 0);
  const values = new Float64Array(rows.length * columns);
  let position = 0;
  for (const row of rows) {
    for (const encoding of encodings) {
      rawColumns(encoding, row[encoding.name])?.forEach((raw, column) => {
        values[position + column] = (raw - (encoding.center[column] ?? 0)) / (encoding.scale[column] ?? 1);
      });
      position += encoding.center.length;
    }
  }
  return { rows: rows.length, columns, values };
}

function fitShape(feature: FeatureDeclaration, values: readonly Value[]): Shape {
  switch (feature.type) {
    case 'number':
      return {
        type: 'number',
        logarithm: feature.logarithm,
        knots: quantileKnots(
          values.filter((value) => typeof value === 'number').map((value) => scaled(feature, value)),
          feature.knots,
        ),
      };
    case 'category': {
      const counts = new Map<string, number>();
      for (const value of values) {
        if (typeof value !== 'string') continue;
        const word = sameAs(feature.same, value);
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      const frequent = [...counts].filter(([, count]) => count >= leastOfAValue).map(([word]) => word);
      return { type: 'category', values: frequent.sort(), same: feature.same };
    }
    case 'flag':
      return { type: 'flag' };
  }
}

function rawColumns(shape: Shape, value: Value): number[] | undefined {
  switch (shape.type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? splineColumns(shape.knots, scaled(shape, value)) : undefined;
    case 'category': {
      const word = typeof value === 'string' ? sameAs(shape.same, value) : undefined;
      return word !== undefined && shape.values.includes(word) ? shape.values.map((each) => (each === word ? 1 : 0)) : undefined;
    }
    case 'flag':
      return typeof value === 'boolean' ? [value ? 1 : 0] : undefined;
  }
}

function sameAs(same: Readonly<Record<string, string>>, value: string): string {
  return (Object.hasOwn(same, value) ? same[value] : undefined) ?? value;
}

/** Amounts and durations that differ by a factor are closer to linear on a logarithmic scale. */
function scaled({ logarithm }: { readonly logarithm: boolean }, value: number): number {
  return logarithm ? Math.log1p(Math.max(0, value)) : value;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
