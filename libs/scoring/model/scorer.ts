import type { DataMatrix } from './data/data-matrix.js';

/** Why rows have their scores. Of a likelihood, all is on the scale of log-odds: its log-odds are base, contributions and remainder together. */
export interface Reasons {
  /** The names of the columns, in the order of the contributions. */
  readonly columns: readonly string[];
  /** What is expected where nothing is known of a customer. */
  readonly base: number;
  /** What each column adds: `contributions[row * columns.length + column]`. */
  readonly contributions: Float64Array;
  /** What is added beside them, one a row: by calibration. */
  readonly remainder: Float64Array;
}

/** A trained model, ready to score: the same for a sweep, for one customer, and for measuring it. */
export interface Scorer {
  /** One value a row, in the unit of the kind of score. */
  values(rows: DataMatrix): Float64Array;
  reasons(rows: DataMatrix): Reasons;
}

/** A form of model: how it is kept as plain JSON. */
export interface ModelForm {
  /** @throws ZodError where that is not what was stored */
  read(stored: unknown): Scorer;
}
