import type { ScoreName } from '../../../../libs/scores/kinds/table.js';

/** How the api starts sweeps. */
export interface ScoreSweeps {
  /**
   * Starts a sweep of a kind; one that is under way goes on instead.
   * @returns the id of its workflow
   * @throws Problem `unavailable` if nobody can start it now
   */
  start(kind: ScoreName): Promise<string>;
  close(): Promise<void>;
}

/** The injection token of ScoreSweeps. */
export const SCORE_SWEEPS = Symbol('ScoreSweeps');
