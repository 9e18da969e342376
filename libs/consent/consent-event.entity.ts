import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../channels/table.js';
import { Customer } from '../customers/customer.entity.js';
import { purposes } from '../channels/purpose.js';

/** Append-only: what was granted or withdrawn, for which channel and purpose. The latest one counts. */
export const ConsentEvent = defineEntity({
  name: 'ConsentEvent',
  tableName: 'consent_event',
  indexes: [{ properties: ['customer', 'channel', 'purpose', 'addressHash', 'at'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk().deleteRule('cascade'),
    channel: p.text().$type<Channel>(),
    purpose: p.enum(purposes),
    /** The hash of the address it was given for: consent does not carry over to a new address. */
    addressHash: p.text(),
    granted: p.boolean(),
    /** Where it came from: `import`, `generator`, `sms-stop`, `one-click`, `reply`, `api`. */
    source: p.text(),
    wordingVersion: p.text(),
    at: p.datetime(),
    /** Who did it: `customer`, `api-key:<id>`, `system`. */
    actor: p.text(),
  },
});
export type ConsentEvent = InferEntity<typeof ConsentEvent>;
