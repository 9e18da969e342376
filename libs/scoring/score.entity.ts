import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import { type ScoreName } from './kinds/table.js';
import { ScoreModel } from './score-model.entity.js';

/** Why a score is as high or low as it is: a feature, its value, and what it adds on the log-odds scale. */
export interface ScoreReason {
  readonly feature: string;
  readonly value: string | number | boolean | null;
  readonly contribution: number;
}

/** The latest score of one kind for one customer, and the one before it. */
export const Score = defineEntity({
  name: 'Score',
  tableName: 'score',
  indexes: [{ properties: ['kind', 'value'] }],
  properties: {
    customer: p.manyToOne(Customer).mapToPk().primary().deleteRule('cascade'),
    kind: p.text().$type<ScoreName>().primary(),
    value: p.double(),
    previous: p.double().nullable(),
    /** Null if another system computed the score and posted it. */
    model: p.manyToOne(ScoreModel).mapToPk().nullable(),
    reasons: p.json<ScoreReason[]>(),
    scoredAt: p.datetime(),
  },
});
export type Score = InferEntity<typeof Score>;
