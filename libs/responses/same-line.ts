import type { EntityManager } from '@mikro-orm/postgresql';
import { canonicalAddress } from '../channels/address/hash-address.js';
import { addressKindOf, type Channel } from '../channels/table.js';
import { query } from '../persistence/sql.js';

/** An address of a customer. */
export interface Point {
  readonly channel: Channel;
  readonly address: string;
  readonly addressHash: string;
}

/** The addresses of a customer. */
export function pointsOf(tx: EntityManager, customerId: string): Promise<Point[]> {
  return query<Point>(tx, 'select channel, address, address_hash as "addressHash" from contact_point where customer_id = $1', [customerId]);
}

/** The inbox or telephone of an address, for any channel: hashes are made for one channel each. */
export function lineOf({ channel, address }: Pick<Point, 'channel' | 'address'>): string {
  const kind = addressKindOf(channel);
  return `${kind}:${canonicalAddress(kind, address)}`;
}

/** The customer's addresses with the same inbox or telephone as one of these. */
export function onSameLines(points: readonly Point[], of: readonly Pick<Point, 'channel' | 'addressHash'>[]): readonly Point[] {
  const own = points.filter((point) =>
    of.some(({ channel, addressHash }) => point.channel === channel && point.addressHash === addressHash),
  );
  const lines = new Set(own.map(lineOf));
  return points.filter((point) => lines.has(lineOf(point)));
}
