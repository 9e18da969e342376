import type { ScoreKind } from '../../libs/scores/kinds/score-kind.js';

/** A made-up kind of score: how loyal a customer is, from 0 to 100. */
export const loyalty: ScoreKind = {
  range: { least: 0, most: 100, called: 'a share in percent' },
  happened: ({ churned }) => (churned ? undefined : true),
};
