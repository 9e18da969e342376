import type { FeatureList } from '../features/feature.js';
import { joinColumns } from '../features/feature-columns.js';
import { pickRows, type DataMatrix } from '../model/data/data-matrix.js';

/** Customers as they were at an instant, with what became of them. */
export interface LabelledRows extends DataMatrix {
  /** 1 where it happened, else 0; or the amount that came to be. One a row. */
  readonly labels: Float64Array;
}

/** What was read to learn from and to measure on, in parts. */
export interface RowParts {
  readonly training: LabelledRows[];
  readonly validation: LabelledRows[];
  /** The instants at which the rows were cut, the latest first; now, where an attribute says what happened. */
  readonly cuts: readonly Date[];
  /** Whether the validation set is later than what is learnt from; else it is other customers. */
  readonly validatedLater: boolean;
}

/** Those rows of a page whose label is known and that are wanted. */
export function rowsWhere(page: DataMatrix, labels: Float64Array, wanted: (row: number) => boolean): LabelledRows {
  const rows = Uint32Array.from(labels.keys()).filter((row) => !Number.isNaN(labels[row] ?? NaN) && wanted(row));
  return { ...pickRows(page, rows), labels: Float64Array.from(rows, (row) => labels[row] ?? NaN) };
}

/** All parts, one after the other. */
export function joinRows(features: FeatureList, parts: readonly LabelledRows[]): LabelledRows {
  const columns = joinColumns(features, parts);
  const labels = new Float64Array(columns.rows);
  let start = 0;
  for (const part of parts) {
    labels.set(part.labels, start);
    start += part.rows;
  }
  return { ...columns, labels };
}
