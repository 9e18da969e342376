import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ContactWindow } from '../channels/contact-window.js';
import { nameWords } from './search-sql.js';

/** `active` while the contract runs, `renewed` after a renewal, `churned` after its end. */
export const customerStatuses = ['active', 'renewed', 'churned'] as const;
export type CustomerStatus = (typeof customerStatuses)[number];

/** A mark among the generated fields: a program answers in the customer's place, as in the demo. */
export const madeUpAnswers = 'answers';

/** A person or account. Other fields that rules may use are in `attributes`. */
export const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  indexes: [
    {
      name: 'customer_leaving',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("churned_at") where churned_at is not null and status <> 'churned'`,
    },
    {
      name: 'customer_number_begins',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} (lower("external_id") text_pattern_ops)`,
    },
    {
      name: 'customer_name_words',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} using gin (${nameWords('"name"')})`,
    },
  ],
  checks: [{ name: 'customer_charge_check', expression: 'monthly_charge is null or currency is not null' }],
  properties: {
    id: p.uuid().primary(),
    /** The company's own number for this customer, by which imports find the row. */
    externalId: p.text().unique(),
    name: p.text().nullable(),
    locale: p.text(),
    /** IANA zone; null if nothing is known. */
    timeZone: p.text().nullable(),
    status: p.enum(customerStatuses),
    plan: p.text().nullable(),
    /** Minor units of `currency` per month; null if the company has no such charge. */
    monthlyCharge: p.bigint('number').nullable(),
    /** Never null if there is a charge. */
    currency: p.character().length(3).nullable(),
    /** Whole months; null if nothing is known. */
    tenure: p.integer().nullable(),
    attributes: p.json<Record<string, string | number | boolean | null>>(),
    /** Fields that a generator made up because the source lacked them. */
    made: p.array(),
    /** The channel that the customer prefers; null if they stated none. */
    preferredChannel: p.text().nullable(),
    /**
     * The contact hours that the customer requested, as windows of local time (see libs/messaging/contact-policy/contact-hours.ts); null if
     * they stated none.
     */
    preferredHours: p.json<ContactWindow[]>().nullable(),
    /** Objection to marketing (GDPR article 21). */
    objectedAt: p.datetime().nullable(),
    /** When the contract ended, or will end: if the status is not yet `churned`, the customer has given notice. */
    churnedAt: p.datetime().nullable(),
    /** When they were erased (GDPR article 17): the remaining data does not identify them (see docs/erasure.md). */
    erasedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export type Customer = InferEntity<typeof Customer>;
