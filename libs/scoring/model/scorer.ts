import type { EntityManager } from '@mikro-orm/postgresql';
import type { ScoreReason } from '../../scores/score.entity.js';
import type { Population } from '../features/population.js';
import type { DataMatrix } from './data/data-matrix.js';

/**
 * Why rows have their scores. Of a likelihood, all is on the scale of log-odds: its log-odds are base, contributions and remainder together. Of an
 * amount, they are the amount together.
 */
export interface Reasons {
  /** The names of the columns, in the order of the contributions. */
  readonly columns: readonly string[];
  /** What is expected where nothing is known of a customer. */
  readonly base: number;
  /** What each column adds: `contributions[row * columns.length + column]`. */
  readonly contributions: Float64Array;
  /** What is added beside them, one a row: by calibration, by rounding. */
  readonly remainder: Float64Array;
}

/** A trained model, ready to score: the same for a sweep, for one customer, and for measuring it. */
export interface Scorer {
  /** One value a row, in the unit of the kind of score; NaN for who has none. */
  values(rows: DataMatrix): Float64Array;
  reasons(rows: DataMatrix): Reasons;
  /** Of a model in which each score depends on all customers: the scores of all, as of an instant. Rows alone then have no values. */
  readonly ofAll?: (em: EntityManager, population: Population, at: Date) => Promise<ScoresOfAll>;
}

/** The scores of all customers of the population, in the order of their ids. */
export interface ScoresOfAll {
  readonly ids: readonly string[];
  readonly values: Float64Array;
  reasonsOf(row: number): readonly ScoreReason[];
}

/** A form of model: how it is kept as plain JSON. */
export interface ModelForm {
  /** @throws ZodError where that is not what was stored */
  read(stored: unknown): Scorer;
}
