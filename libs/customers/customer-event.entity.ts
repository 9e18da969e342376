import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from './customer.entity.js';

/** An event in a customer's life: usage, payment, ticket, plan change, contract end. */
export const CustomerEvent = defineEntity({
  name: 'CustomerEvent',
  tableName: 'customer_event',
  indexes: [{ properties: ['customer', 'at'] }],
  uniques: [{ properties: ['source', 'sourceId'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk().deleteRule('cascade'),
    /** Dotted, as in `contract.ended`, `contract.renewed`, `ticket.opened`. */
    kind: p.text(),
    at: p.datetime(),
    data: p.json<Record<string, unknown>>(),
    /** The system that reported it, and that system's own id for it: the same event twice is stored once. */
    source: p.text(),
    sourceId: p.text(),
    receivedAt: p.datetime(),
  },
});
export type CustomerEvent = InferEntity<typeof CustomerEvent>;
