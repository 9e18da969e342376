import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import type { ScoreName } from './kinds/table.js';

/** What a customer's score of a kind was from a moment on, before another value took its place. */
export const ScoreHistory = defineEntity({
  name: 'ScoreHistory',
  tableName: 'score_history',
  properties: {
    customer: p.manyToOne(Customer).mapToPk().primary().deleteRule('cascade'),
    kind: p.text().$type<ScoreName>().primary(),
    at: p.datetime().primary(),
    value: p.double(),
    /** The model in the register of libs/scoring; null where another system computed the score. */
    model: p.uuid().fieldName('model_id').nullable(),
  },
});
export type ScoreHistory = InferEntity<typeof ScoreHistory>;
