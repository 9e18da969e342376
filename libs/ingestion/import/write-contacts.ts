import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../../persistence/sql.js';
import { notAfter } from '../../platform/instants.js';
import { unseenWording, writeConsent } from '../../consent/write-consent.js';
import { latestConsent } from '../../customers/latest-consent.js';
import { mayWriteToSql } from '../../customers/may-write.js';
import { replaceAddresses } from '../../customers/write-contact-points.js';
import { releaseClaims } from '../../messaging/ledger/ledger.js';
import { hashAddress } from '../../channels/address/hash-address.js';
import type { Channel } from '../../channels/table.js';
import type { ImportedConsent } from './read-contacts.js';
import type { ImportedCustomer, Withdrawn } from './imported-customer.js';

/** The results for the addresses and consents of a file. */
export interface ContactReport {
  readonly addressesAdded: number;
  readonly addressesChanged: number;
  readonly consentsGranted: number;
  readonly consentsWithdrawn: number;
  /** Grants that cannot be used: the address is suppressed or dead, or the customer objects to marketing. */
  readonly grantsBlocked: number;
  /**
   * Grants of the file that were ignored, because the customer has withdrawn consent and the file does not show that they granted it again
   * later.
   */
  readonly grantsPassedOver: number;
}

export const nothingWritten: ContactReport = {
  addressesAdded: 0,
  addressesChanged: 0,
  consentsGranted: 0,
  consentsWithdrawn: 0,
  grantsBlocked: 0,
  grantsPassedOver: 0,
};

export const sumOf = (a: ContactReport, b: ContactReport): ContactReport => ({
  addressesAdded: a.addressesAdded + b.addressesAdded,
  addressesChanged: a.addressesChanged + b.addressesChanged,
  consentsGranted: a.consentsGranted + b.consentsGranted,
  consentsWithdrawn: a.consentsWithdrawn + b.consentsWithdrawn,
  grantsBlocked: a.grantsBlocked + b.grantsBlocked,
  grantsPassedOver: a.grantsPassedOver + b.grantsPassedOver,
});

export interface ContactSettings {
  /** Keys the hashes of addresses. */
  readonly secret: string;
  /** The wording that the customers consented to; undefined if the mapping has no consents. */
  readonly wordingVersion: string | undefined;
  readonly now: Date;
}

/** The data of a customer that is written here. */
type Contacts = Pick<ImportedCustomer, 'externalId' | 'addresses' | 'consents'>;

/**
 * The customers whose consent is withdrawn by skipped rows, once each; their addresses do not change. If a row's id could not be read, they
 * are the customers with its address.
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

/** Locks the addresses of a batch before its customers, in the same order as planning and opt-outs. */
export async function lockContactPoints(tx: EntityManager, batch: readonly Contacts[]): Promise<void> {
  await query(
    tx,
    `select from contact_point p join customer c on c.id = p.customer_id where c.external_id = any($1::text[]) order by p.id for update of p`,
    [batch.map(({ externalId }) => externalId)],
  );
}

/**
 * Writes the addresses and consents of a batch whose customers are written. One address for each channel: another one replaces it, and
 * consent does not carry over. Suppressions do not change, so a suppressed address stays suppressed.
 */
export async function writeContacts(
  tx: EntityManager,
  batch: readonly Contacts[],
  { secret, wordingVersion, now }: ContactSettings,
): Promise<ContactReport> {
  if (batch.length === 0) return nothingWritten;
  const addresses = batch.flatMap(({ externalId, addresses }) =>
    addresses.map(({ channel, address }) => ({ externalId, channel, address, addressHash: hashAddress(secret, channel, address) })),
  );
  const consents = batch.flatMap(({ externalId, addresses, consents }) =>
    consents.map(({ at, ...consent }) => ({
      externalId,
      ...consent,
      at: at && notAfter(at, now),
      addressed: addresses.some(({ channel }) => channel === consent.channel),
    })),
  );
  const points = await replaceAddresses(tx, addresses, now);
  const changed = points.filter(({ added }) => !added).map(({ id }) => id);
  await releaseClaims(tx, changed);
  const judged = await query<JudgedConsent>(tx, judgeConsents, [JSON.stringify(consents), now]);
  const counting = judged.filter(({ counts }) => counts);
  await writeConsent(
    tx,
    counting.map(({ customerId, channel, addressHash, granted, at }) => ({
      ...{ customerId, channel, addressHash, granted, at, ...byImport },
      wordingVersion: wordingVersion ?? unseenWording,
    })),
    { now },
  );
  const granted = counting.filter((each) => each.granted);
  return {
    addressesAdded: points.length - changed.length,
    addressesChanged: changed.length,
    consentsGranted: granted.length,
    consentsWithdrawn: counting.length - granted.length,
    grantsBlocked: await countBlocked(tx, granted),
    grantsPassedOver: judged.filter(({ granted, counts }) => granted && !counts).length,
  };
}

/** How many of those who consented may still not be written to. An import lifts no suppression. */
async function countBlocked(tx: EntityManager, granted: readonly JudgedConsent[]): Promise<number> {
  if (granted.length === 0) return 0;
  const row = await queryOne<{ count: number }>(
    tx,
    `select count(*) from unnest($1::uuid[], $2::text[]) as w (customer, channel)
     join customer c on c.id = w.customer join contact_point p on p.customer_id = c.id and p.channel = w.channel
     where not ${mayWriteToSql({ customer: 'c', point: 'p', purpose: `'marketing'` })}`,
    [granted.map(({ customerId }) => customerId), granted.map(({ channel }) => channel)],
  );
  return row?.count ?? 0;
}

const byImport = { purpose: 'marketing', source: 'import', actor: 'system' } as const;

/** A consent in a row, if it differs from the latest event for exactly that address. */
interface JudgedConsent {
  readonly customerId: string;
  readonly channel: Channel;
  readonly addressHash: string;
  readonly granted: boolean;
  readonly at: Date;
  readonly counts: boolean;
}

const latest = latestConsent('granted, actor, at', {
  customer: 'point.customer_id',
  channel: 'point.channel',
  purpose: `'marketing'`,
  hash: 'point.address_hash',
});
/** The latest event on the channel, for any address. */
const word = latestConsent('granted, actor, at', { customer: 'point.customer_id', channel: 'point.channel', purpose: `'marketing'` });
const company = (word: string): string => `${word}.actor = '${byImport.actor}'`;

/**
 * What differs from the latest event for exactly that address, and whether it counts.
 * - A grant counts only for an address that the same row gives. Against a withdrawal (for this address, or the latest event on the channel
 * for an earlier one) it counts only if it was given later; without an instant, only if the company itself recorded that withdrawal: then
 * it is a correction. - A withdrawal counts, unless the customer granted consent again after it. If the company recorded the grant, perhaps
 * dated by an import, the withdrawal wins from now on.
 */
const judgeConsents = `
select point.customer_id as "customerId", point.channel, point.address_hash as "addressHash", given.granted,
  case when given.at > latest.at or latest.at is null then coalesce(given.at, $2) else $2 end as at,
  case
    when given.granted then
      (latest.at is null or coalesce(given.at > latest.at, ${company('latest')}))
      and (word.granted is not false or coalesce(given.at > word.at, ${company('word')}))
    else latest.at is null or given.at is null or given.at > latest.at or ${company('latest')}
  end as counts
from jsonb_to_recordset($1::jsonb) as given ("externalId" text, channel text, granted boolean, at timestamptz, addressed boolean)
join customer on customer.external_id = given."externalId"
join contact_point point on point.customer_id = customer.id and point.channel = given.channel
left join lateral ${latest} latest on true
left join lateral ${word} word on true
where latest.granted is distinct from given.granted and (given.addressed or not given.granted)`;
