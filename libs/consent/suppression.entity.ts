import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../channels/table.js';

/** A blocked address, kept as a keyed hash so that it remains after the customer's erasure. */
export const Suppression = defineEntity({
  name: 'Suppression',
  tableName: 'suppression',
  uniques: [{ properties: ['channel', 'addressHash'] }],
  properties: {
    id: p.uuid().primary(),
    channel: p.text().$type<Channel>(),
    addressHash: p.text(),
    /** `opt-out`, `dead-address`, `complaint`, `erased`. */
    reason: p.text(),
    at: p.datetime(),
  },
});
export type Suppression = InferEntity<typeof Suppression>;
