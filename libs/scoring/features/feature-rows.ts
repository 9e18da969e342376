import type { FeatureRow } from './feature-row.js';
import type { DataColumn, DataMatrix } from '../model/data/data-matrix.js';
import { valueAt } from './feature-columns.js';
import type { FeatureDeclaration, Features } from './feature.js';

/** The same customers as rows of named values, flags as true and false. */
export function toFeatureRows(features: Features, { rows, columns }: DataMatrix): FeatureRow[] {
  const named = Object.entries(features).flatMap(([name, declared], index) => {
    const column = columns[index];
    return column === undefined ? [] : [{ name, declared, column }];
  });
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(named.map(({ name, declared, column }) => [name, cell(declared, column, row)])),
  );
}

function cell({ type }: FeatureDeclaration, column: DataColumn, row: number): FeatureRow[string] {
  const value = valueAt(column, row);
  return type === 'flag' && value !== null ? value === 1 : value;
}
