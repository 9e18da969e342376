import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../channels/table.js';
import { Customer } from './customer.entity.js';

/** One address of one customer, in the form that it is sent to: an e-mail address or an E.164 phone number. */
export const ContactPoint = defineEntity({
  name: 'ContactPoint',
  tableName: 'contact_point',
  indexes: [{ properties: ['channel', 'address'] }, { properties: ['addressHash', 'id'] }],
  uniques: [{ properties: ['customer', 'channel'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk().deleteRule('cascade'),
    channel: p.text().$type<Channel>(),
    address: p.text(),
    /** Keyed hash of its canonical form (see address/hash-address.ts); what a suppression is found by. */
    addressHash: p.text(),
    /** The provider reported permanently that the address does not exist. */
    deadAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type ContactPoint = InferEntity<typeof ContactPoint>;
