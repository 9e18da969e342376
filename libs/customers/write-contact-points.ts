import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { Channel } from '../channels/table.js';

export interface NewContactPoint {
  readonly customerId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly addressHash: string;
}

/** Adds addresses to customers on channels where they have none. */
export async function addContactPoints(tx: EntityManager, points: readonly NewContactPoint[], now: Date): Promise<void> {
  await query(
    tx,
    `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
     select uuidv7(), "customerId", channel, address, "addressHash", $2
     from jsonb_to_recordset($1::jsonb) as given ("customerId" uuid, channel text, address text, "addressHash" text)`,
    [JSON.stringify(points), now],
  );
}

/** An address with its customer, as the company's own data has them. */
export type GivenAddress = Omit<NewContactPoint, 'customerId'> & { readonly externalId: string };

/**
 * Writes addresses of customers, who are named by the company's number: one for each channel, which replaces the previous one. Another
 * spelling of the same address (upper case) does not make a dead address valid again. When each channel has a given address, none counts as
 * made up any more.
 * @returns the contact points that are new or changed
 */
export async function replaceAddresses(
  tx: EntityManager,
  addresses: readonly GivenAddress[],
  now: Date,
): Promise<{ readonly id: string; readonly added: boolean }[]> {
  const written = await query<{ id: string; added: boolean }>(tx, writeAddresses, [JSON.stringify(addresses), now]);
  await query(tx, noLongerMadeUp, [JSON.stringify(addresses), now]);
  return written;
}

const givenAddresses = `jsonb_to_recordset($1::jsonb) as given ("externalId" text, channel text, address text, "addressHash" text)`;

const writeAddresses = `
insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
select uuidv7(), customer.id, given.channel, given.address, given."addressHash", $2
from ${givenAddresses} join customer on customer.external_id = given."externalId"
order by customer.id, given.channel
on conflict (customer_id, channel) do update
set address = excluded.address, address_hash = excluded.address_hash,
  dead_at = case when contact_point.address_hash = excluded.address_hash then contact_point.dead_at end
where contact_point.address <> excluded.address
returning new.id, old.id is null as added`;

const noLongerMadeUp = `
with given as (select * from ${givenAddresses})
update customer set made = array_remove(made, 'contact_points'), updated_at = $2
where external_id in (select "externalId" from given) and 'contact_points' = any(made)
  and not exists (
    select from contact_point where customer_id = customer.id
      and (external_id, channel) not in (select "externalId", channel from given)
  )`;

/**
 * Marks these addresses as dead.
 * @param points by id, with the hash of the address that was tried: the contact point may have another address by now
 */
export async function markDead(
  tx: EntityManager,
  points: readonly { readonly id: string; readonly addressHash: string }[],
  now: Date,
): Promise<void> {
  await query(
    tx,
    `update contact_point p set dead_at = $3 from unnest($1::uuid[], $2::text[]) as tried (id, address_hash)
     where p.id = tried.id and p.address_hash = tried.address_hash and p.dead_at is null`,
    [points.map(({ id }) => id), points.map(({ addressHash }) => addressHash), now],
  );
}
