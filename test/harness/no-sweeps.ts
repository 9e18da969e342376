import type { ScoreSweeps } from '../../apps/api/src/scores/score-sweeps.js';

/** For an api beside which there is no Temporal. */
export const noSweeps: ScoreSweeps = {
  start: () => Promise.reject(new Error('there is no Temporal here')),
  close: () => Promise.resolve(),
};
