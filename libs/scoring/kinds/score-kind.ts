import type { Named } from '../../platform/kinds.js';

/** One kind of score: its values, and what is known about its outcome. */
export interface ScoreKind extends Named {
  /** The lowest and the highest value; missing if there is no bound. */
  readonly range?: ScoreRange;
  /** Whether its outcome has happened to a customer, whatever a file says. If it is missing, only the declared target decides. */
  happened?(customer: Observed): true | undefined;
  /** The same for a customer without a value of the declared target. If it is missing, the outcome is not known. */
  otherwise?(customer: Observed): boolean | undefined;
}

/** What is known about a customer in the training data. */
export interface Observed {
  readonly churned: boolean;
  /** They have been a customer for longer than the horizon of the score. */
  readonly seenThrough: boolean;
}

export interface ScoreRange {
  readonly least: number;
  readonly most: number;
  /** The noun for such a value, with its article. */
  readonly called: string;
}

export const likelihood: ScoreRange = { least: 0, most: 1, called: 'a likelihood' };
