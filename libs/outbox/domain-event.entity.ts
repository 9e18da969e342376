import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/**
 * A domain event, written in the transaction that made it true, and kept for some time after its delivery. It names its customer and other
 * rows by id without a foreign key, because it may exist longer than they do.
 */
export const StoredEvent = defineEntity({
  name: 'StoredEvent',
  tableName: 'domain_event',
  indexes: [
    {
      name: 'domain_event_due',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("due_at", "position") where delivered_at is null`,
    },
    {
      name: 'domain_event_of_customer',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("customer_id", "position") where delivered_at is null`,
    },
    {
      name: 'domain_event_answers',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("customer_id", "position") where kind = 'response.received'`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** The order of one customer's events: an event that was committed before another was written comes first. */
    position: p.bigint('number').autoincrement(),
    kind: p.text(),
    /** Null for an event without a customer. */
    customerId: p.uuid().nullable(),
    payload: p.json<object>(),
    /** When it happened (campaign time). */
    at: p.datetime(),
    /** How often a delivery failed. */
    attempts: p.integer().default(0),
    /** When it is delivered next, if it comes before all others of its customer (PostgreSQL's time). */
    dueAt: p.datetime().defaultRaw('now()'),
    /** PostgreSQL's time. */
    deliveredAt: p.datetime().nullable(),
  },
});
export type StoredEvent = InferEntity<typeof StoredEvent>;
