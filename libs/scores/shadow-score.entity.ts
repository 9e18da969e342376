import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import type { ScoreName } from './kinds/table.js';

/** What the challenger of a kind would give a customer. Nothing acts on it. */
export const ShadowScore = defineEntity({
  name: 'ShadowScore',
  tableName: 'shadow_score',
  properties: {
    customer: p.manyToOne(Customer).mapToPk().primary().deleteRule('cascade'),
    kind: p.text().$type<ScoreName>().primary(),
    /** The challenger, in the register of libs/scoring. */
    model: p.uuid().fieldName('model_id'),
    value: p.double(),
    scoredAt: p.datetime(),
  },
});
export type ShadowScore = InferEntity<typeof ShadowScore>;
