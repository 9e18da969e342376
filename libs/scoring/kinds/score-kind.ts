import type { Named } from '../../platform/kinds.js';

/** One kind of score: what its values are, and what is known of what it predicts. */
export interface ScoreKind extends Named {
  /** The least and the greatest value that one can have; left out if there is no bound. */
  readonly range?: ScoreRange;
  /**
   * Whether what it predicts has happened to a customer, whatever a file says of it. Left out: only the declared target says so.
   */
  happened?(customer: Observed): true | undefined;
  /** The same, of a customer of whom the declared target says nothing. Left out: then it is not known. */
  otherwise?(customer: Observed): boolean | undefined;
}

/** What is known of a customer who may be learnt from. */
export interface Observed {
  readonly churned: boolean;
  /** They have been here for longer than the score looks ahead. */
  readonly seenThrough: boolean;
}

export interface ScoreRange {
  readonly least: number;
  readonly most: number;
  /** What such a value is, with its article. */
  readonly called: string;
}

export const likelihood: ScoreRange = { least: 0, most: 1, called: 'a likelihood' };
