import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import { Campaign } from './campaign.entity.js';

/** Hysteresis: a customer who crossed is disarmed until the score falls below the lower bound. No row means armed. */
export const TriggerState = defineEntity({
  name: 'TriggerState',
  tableName: 'trigger_state',
  properties: {
    campaign: p.manyToOne(Campaign).mapToPk().primary(),
    customer: p.manyToOne(Customer).mapToPk().primary().deleteRule('cascade'),
    armed: p.boolean(),
    changedAt: p.datetime(),
  },
});
export type TriggerState = InferEntity<typeof TriggerState>;
