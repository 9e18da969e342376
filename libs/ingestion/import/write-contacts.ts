import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../../persistence/sql.js';
import { notAfter } from '../../platform/instants.js';
import { saidAt } from '../../customers/latest-consent.js';
import { hashAddress } from '../../customers/address/hash-address.js';
import type { Channel } from '../../customers/channels.js';
import type { ImportedConsent } from './read-contacts.js';
import type { ImportedCustomer, Withdrawn } from './imported-customer.js';

/** What became of the addresses and consents of a file. */
export interface ContactReport {
  readonly addressesAdded: number;
  readonly addressesChanged: number;
  readonly consentsGranted: number;
  readonly consentsWithdrawn: number;
  /** Grants of the file that were passed over, because the customer has withdrawn consent and the file does not say that they granted it since. */
  readonly grantsPassedOver: number;
}

export const nothingWritten: ContactReport = {
  addressesAdded: 0,
  addressesChanged: 0,
  consentsGranted: 0,
  consentsWithdrawn: 0,
  grantsPassedOver: 0,
};

export const sumOf = (a: ContactReport, b: ContactReport): ContactReport => ({
  addressesAdded: a.addressesAdded + b.addressesAdded,
  addressesChanged: a.addressesChanged + b.addressesChanged,
  consentsGranted: a.consentsGranted + b.consentsGranted,
  consentsWithdrawn: a.consentsWithdrawn + b.consentsWithdrawn,
  grantsPassedOver: a.grantsPassedOver + b.grantsPassedOver,
});

export interface ContactSettings {
  /** Keys the hashes of addresses. */
  readonly secret: string;
  /** What the customers were shown when they consented; undefined where the mapping has no consents. */
  readonly wordingVersion: string | undefined;
  readonly now: Date;
}

/** What is written of a customer here. */
type Contacts = Pick<ImportedCustomer, 'externalId' | 'addresses' | 'consents'>;

/**
 * The customers whose consent is withdrawn by rows that are passed over, once each; their addresses stay as they are. Where a
 * row's id could not be read, they are those who have its address.
 */
export async function withdrawnBy(tx: EntityManager, rows: readonly Withdrawn[], { secret }: ContactSettings): Promise<Contacts[]> {
  const anonymous = rows.flatMap(({ externalId, addresses, consents }) =>
    externalId !== null
      ? []
      : consents.flatMap((consent) =>
          addresses
            .filter(({ channel }) => channel === consent.channel)
            .map(({ channel, address }) => ({ consent, channel, hash: hashAddress(secret, channel, address) })),
        ),
  );
  const holders = await query<{ externalId: string; place: number }>(
    tx,
    `select c.external_id as "externalId", w.place::int - 1 as place
     from unnest($1::text[], $2::text[]) with ordinality as w (channel, hash, place)
     join contact_point p on p.channel = w.channel and p.address_hash = w.hash join customer c on c.id = p.customer_id`,
    [anonymous.map(({ channel }) => channel), anonymous.map(({ hash }) => hash)],
  );
  const found = new Map<string, Map<Channel, ImportedConsent>>();
  const add = (externalId: string, consent: ImportedConsent): void => {
    const consents = found.get(externalId) ?? new Map<Channel, ImportedConsent>();
    found.set(externalId, consents.set(consent.channel, consent));
  };
  for (const { externalId, consents } of rows) if (externalId !== null) for (const consent of consents) add(externalId, consent);
  for (const { externalId, place } of holders) {
    const row = anonymous[place];
    if (row !== undefined) add(externalId, row.consent);
  }
  return [...found].map(([externalId, consents]) => ({ externalId, addresses: [], consents: [...consents.values()] }));
}

/** Locks the addresses of a batch before its customers, and in the order in which planning and opt-outs lock them. */
export async function lockContactPoints(tx: EntityManager, batch: readonly Contacts[]): Promise<void> {
  await query(
    tx,
    `select from contact_point p join customer c on c.id = p.customer_id where c.external_id = any($1::text[]) order by p.id for update of p`,
    [batch.map(({ externalId }) => externalId)],
  );
}

/**
 * Writes the addresses and consents of a batch whose customers are written. One address a channel: another one replaces it, and
 * consent does not move to it. Suppressions are not touched, so an address that is suppressed stays so.
 */
export async function writeContacts(
  tx: EntityManager,
  batch: readonly Contacts[],
  { secret, wordingVersion, now }: ContactSettings,
): Promise<ContactReport> {
  if (batch.length === 0) return nothingWritten;
  const addresses = batch.flatMap(({ externalId, addresses }) =>
    addresses.map(({ channel, address }) => ({ externalId, channel, address, hash: hashAddress(secret, channel, address) })),
  );
  const consents = batch.flatMap(({ externalId, addresses, consents }) =>
    consents.map(({ at, ...consent }) => ({
      externalId,
      ...consent,
      at: at && notAfter(at, now),
      addressed: addresses.some(({ channel }) => channel === consent.channel),
    })),
  );
  const points = await query<{ id: string; added: boolean }>(tx, writeAddresses, [JSON.stringify(addresses), now]);
  await query(tx, noLongerMadeUp, [JSON.stringify(addresses), now]);
  const judged = await queryOne<{ granted: string[]; withdrawn: string[]; passedOver: number }>(tx, appendConsents, [
    JSON.stringify(consents),
    now,
    wordingVersion,
  ]);
  const { granted = [], withdrawn = [], passedOver = 0 } = judged ?? {};
  const changed = points.filter(({ added }) => !added).map(({ id }) => id);
  await query(tx, judgeAnew, [[...changed, ...withdrawn]]);
  return {
    addressesAdded: points.length - changed.length,
    addressesChanged: changed.length,
    consentsGranted: granted.length,
    consentsWithdrawn: withdrawn.length,
    grantsPassedOver: passedOver,
  };
}

const givenAddresses = `jsonb_to_recordset($1::jsonb) as given ("externalId" text, channel text, address text, hash text)`;

/** Another spelling of the same address (upper case) does not bring a dead one back to life. */
const writeAddresses = `
insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
select uuidv7(), customer.id, given.channel, given.address, given.hash, $2
from ${givenAddresses} join customer on customer.external_id = given."externalId"
order by customer.id, given.channel
on conflict (customer_id, channel) do update
set address = excluded.address, address_hash = excluded.address_hash,
  dead_at = case when contact_point.address_hash = excluded.address_hash then contact_point.dead_at end
where contact_point.address <> excluded.address
returning new.id, old.id is null as added`;

/** Who had made-up addresses has none any more, once the file has given one for each channel. */
const noLongerMadeUp = `
with given as (select * from ${givenAddresses})
update customer set made = array_remove(made, 'contact_points'), updated_at = $2
where external_id in (select "externalId" from given) and 'contact_points' = any(made)
  and not exists (
    select from contact_point where customer_id = customer.id
      and (external_id, channel) not in (select "externalId", channel from given)
  )`;

/**
 * Appends what differs from the latest event for the very address.
 * - A grant counts only for an address that the same row gives. Against a withdrawal (for this address, or the last word on the
 *   channel for an earlier one) it counts only if it was given later; without an instant, only if that withdrawal came by an
 *   import as well: then it is the company that corrects itself.
 * - A withdrawal counts, except where the customer granted consent anew after it. Where an import granted it, that was the
 *   company's word, perhaps dated by the import itself: the withdrawal wins, from now on.
 */
const importedAt = saidAt('judged.at', '$2', {
  customer: 'judged.customer_id',
  channel: 'judged.channel',
  purpose: "'marketing'",
  hash: 'judged.address_hash',
});
const appendConsents = `
with judged as (
  select point.id as point_id, point.customer_id, point.channel, point.address_hash, given.granted,
    case when given.at > latest.at or latest.at is null then coalesce(given.at, $2) else $2 end as at,
    case
      when given.granted then
        (latest.at is null or coalesce(given.at > latest.at, latest.source = 'import'))
        and (word.granted is not false or coalesce(given.at > word.at, word.source = 'import'))
      else latest.at is null or given.at is null or given.at > latest.at or latest.source = 'import'
    end as counts
  from jsonb_to_recordset($1::jsonb) as given ("externalId" text, channel text, granted boolean, at timestamptz, addressed boolean)
  join customer on customer.external_id = given."externalId"
  join contact_point point on point.customer_id = customer.id and point.channel = given.channel
  left join lateral (
    select granted, source, at from consent_event event
    where event.customer_id = point.customer_id and event.channel = point.channel and event.purpose = 'marketing'
      and event.address_hash = point.address_hash
    order by event.at desc, event.id desc limit 1
  ) latest on true
  left join lateral (
    select granted, source, at from consent_event event
    where event.customer_id = point.customer_id and event.channel = point.channel and event.purpose = 'marketing'
    order by event.at desc, event.id desc limit 1
  ) word on true
  where latest.granted is distinct from given.granted and (given.addressed or not given.granted)
), appended as (
  insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
  select uuidv7(), customer_id, channel, 'marketing', address_hash, granted, 'import', $3, ${importedAt}, 'system'
  from judged where counts
)
select
  coalesce(array_agg(point_id) filter (where counts and granted), '{}') as granted,
  coalesce(array_agg(point_id) filter (where counts and not granted), '{}') as withdrawn,
  (count(*) filter (where granted and not counts))::int as "passedOver"
from judged`;

/** What a dispatcher has claimed but not submitted is planned again: the next claim sees the new address, or that consent is gone. */
const judgeAnew = `
update message set state = 'planned', lease_until = null where contact_point_id = any($1::uuid[]) and state = 'claimed'`;
