import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ScoreName } from '../../scores/kinds/table.js';
import { ScoreModel } from '../registry/score-model.entity.js';

/** One look at everybody's score of a kind. */
export const ScoreSweep = defineEntity({
  name: 'ScoreSweep',
  tableName: 'score_sweep',
  indexes: [{ properties: ['kind', 'at'] }],
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<ScoreName>(),
    /** The champion that it scores with. */
    model: p.manyToOne(ScoreModel).mapToPk().deleteRule('cascade'),
    /** The instant as of which it scores; campaign time. */
    at: p.datetime(),
    finishedAt: p.datetime().nullable(),
    /** How many customers were looked at, and how many of their scores are others now. */
    scored: p.integer().default(0),
    changed: p.integer().default(0),
  },
});
export type ScoreSweep = InferEntity<typeof ScoreSweep>;
