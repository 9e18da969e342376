import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ScoreName } from '../../scores/kinds/table.js';
import { ScoreModel } from './score-model.entity.js';
import type { WatchFigures } from './drift.js';

/** How the customers that a sweep scored compare with those that the model learnt from. */
export const ScoreWatch = defineEntity({
  name: 'ScoreWatch',
  tableName: 'score_watch',
  indexes: [{ properties: ['kind', 'at'] }],
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<ScoreName>(),
    model: p.manyToOne(ScoreModel).mapToPk().deleteRule('cascade'),
    at: p.datetime(),
    /** How many were scored. */
    customers: p.integer(),
    figures: p.json<WatchFigures>(),
  },
});
export type ScoreWatch = InferEntity<typeof ScoreWatch>;
