import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from './customer.entity.js';

/** The channels that exist; each has one folder in libs/messaging/channels. In this order they are asked, all else being equal. */
export const channels = ['email', 'sms', 'whatsapp'] as const;
export type Channel = (typeof channels)[number];

/** What kind of address a channel writes to: an e-mail address, or an E.164 phone number. */
export type AddressKind = 'email' | 'phone';
export const addressKinds: Readonly<Record<Channel, AddressKind>> = { email: 'email', sms: 'phone', whatsapp: 'phone' };

/** One address of one customer, in the form that it is sent to: an e-mail address or an E.164 phone number. */
export const ContactPoint = defineEntity({
  name: 'ContactPoint',
  tableName: 'contact_point',
  indexes: [{ properties: ['channel', 'address'] }, { properties: ['addressHash', 'id'] }],
  uniques: [{ properties: ['customer', 'channel'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk().deleteRule('cascade'),
    channel: p.enum(channels),
    address: p.text(),
    /** Keyed hash of its canonical form (see address/hash-address.ts); what a suppression is found by. */
    addressHash: p.text(),
    /** The provider said for good that nobody is there. */
    deadAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type ContactPoint = InferEntity<typeof ContactPoint>;
