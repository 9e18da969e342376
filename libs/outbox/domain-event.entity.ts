import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/**
 * Something that happened, written in the transaction that made it true, and kept for a while after it was delivered. It
 * names its customer and other rows by id without a foreign key: it may outlive them.
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
    /** The order of one customer's events: of two, the one that was committed before the other was written comes first. */
    position: p.bigint('number').autoincrement(),
    kind: p.text(),
    /** Null for what happened to no customer. */
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
