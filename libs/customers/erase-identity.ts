import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import type { Channel } from '../channels/table.js';

/** Who a customer is, for as long as it takes to forget it. Holds personal data: never logged. */
export interface Identity {
  readonly externalId: string;
  readonly name: string | null;
  readonly addresses: readonly { readonly channel: Channel; readonly address: string }[];
}

/**
 * Locks the customer against everything that is written about them until the transaction ends.
 * @returns who they are; undefined where there is nobody of this id, or where they were erased
 */
export async function lockIdentity(tx: EntityManager, customerId: string): Promise<Identity | undefined> {
  const customer = await queryOne<Omit<Identity, 'addresses'>>(
    tx,
    'select external_id as "externalId", name from customer where id = $1 and erased_at is null for update',
    [customerId],
  );
  if (customer === undefined) return undefined;
  // In the order in which planning and opt-outs lock them.
  const addresses = await query<Identity['addresses'][number]>(
    tx,
    'select channel, address from contact_point where customer_id = $1 order by id for update',
    [customerId],
  );
  return { ...customer, addresses };
}

/**
 * What stands in place of the company's own number. Two spaces in a row: no number that comes from outside has them (see
 * address/clean-text.ts), so none finds the row.
 */
export const erasedExternalId = (customerId: string): string => `erased  ${customerId}`;

/**
 * Removes addresses and events, and leaves of the customer what reports count by: whether they are one still, and what they paid a
 * month. Neither says who they were.
 * @returns how many rows of each kind were removed
 */
export async function eraseIdentity(tx: EntityManager, customerId: string, now: Date): Promise<Readonly<Record<string, number>>> {
  const contactPoints = await query(tx, 'delete from contact_point where customer_id = $1 returning id', [customerId]);
  const events = await query(tx, 'delete from customer_event where customer_id = $1 returning id', [customerId]);
  await query(
    tx,
    `update customer set external_id = $2, name = null, locale = 'und', time_zone = null, plan = null, tenure = null, attributes = '{}',
       preferred_channel = null, preferred_hours = null, objected_at = $3, erased_at = $3, updated_at = $3
     where id = $1`,
    [customerId, erasedExternalId(customerId), now],
  );
  return { contactPoints: contactPoints.length, events: events.length };
}
