import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';

/** The record that a customer was erased: when and by whom. It does not identify them, so it is kept. */
export const Erasure = defineEntity({
  name: 'Erasure',
  tableName: 'erasure',
  indexes: [{ properties: ['externalIdHash'] }],
  uniques: [{ properties: ['customer'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk(),
    /** Keyed hash of the company's own number, so that a repeated erasure gets the same answer. */
    externalIdHash: p.text(),
    erasedAt: p.datetime(),
    /** `api-key:<id>`, or `command-line`. */
    erasedBy: p.text(),
    /** How many rows of each kind were removed or emptied. */
    removed: p.json<Record<string, number>>(),
  },
});
export type Erasure = InferEntity<typeof Erasure>;
