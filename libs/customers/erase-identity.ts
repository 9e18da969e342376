import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { Channel } from '../channels/table.js';
import type { ContactPoint } from './contact-point.entity.js';
import type { CustomerEvent } from './customer-event.entity.js';
import type { Customer } from './customer.entity.js';

/** The identity of a customer during their erasure. Contains personal data: never logged. */
export interface Identity {
  readonly externalId: string;
  readonly name: string | null;
  readonly addresses: readonly { readonly channel: Channel; readonly address: string }[];
}

/**
 * Locks the customer against all other writes until the transaction ends.
 * @returns their identity; undefined if no such customer exists, or they were erased
 */
export async function lockIdentity(tx: EntityManager, customerId: string): Promise<Identity | undefined> {
  const customer = await queryOne<Omit<Identity, 'addresses'>>(
    tx,
    'select external_id as "externalId", name from customer where id = $1 and erased_at is null for update',
    [customerId],
  );
  if (customer === undefined) return undefined;
  // In the same order as planning and opt-outs.
  const addresses = await query<Identity['addresses'][number]>(
    tx,
    'select channel, address from contact_point where customer_id = $1 order by id for update',
    [customerId],
  );
  return { ...customer, addresses };
}

/**
 * Replaces the company's own number. It has two spaces in a row, which no number from outside has (see address/clean-text.ts), so no number
 * finds the row.
 */
export const erasedExternalId = (customerId: string): string => `erased  ${customerId}`;

/**
 * Removes addresses and events, and keeps what reports need: whether they are still a customer, and what they paid per month. Neither
 * identifies them.
 * @returns how many rows of each kind were removed
 */
export async function eraseIdentity(tx: EntityManager, customerId: string, now: Date): Promise<Readonly<Record<string, number>>> {
  const theirs = tables<typeof Customer | typeof ContactPoint | typeof CustomerEvent>(tx);
  const contactPoints = await theirs.deleteFrom('ContactPoint').where('customer', '=', customerId).returning('id').execute();
  const events = await theirs.deleteFrom('CustomerEvent').where('customer', '=', customerId).returning('id').execute();
  const emptied = { name: null, timeZone: null, plan: null, tenure: null, attributes: {}, preferredChannel: null, preferredHours: null };
  await theirs
    .updateTable('Customer')
    .set({ externalId: erasedExternalId(customerId), locale: 'und', ...emptied, objectedAt: now, erasedAt: now, updatedAt: now })
    .where('id', '=', customerId)
    .execute();
  return { contactPoints: contactPoints.length, events: events.length };
}
