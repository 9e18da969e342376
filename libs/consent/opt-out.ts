import type { EntityManager } from '@mikro-orm/postgresql';
import { suppressedPurposes } from '../customers/may-write.js';
import type { ProviderOptOut, SpokenFor } from '../messaging/contract/opt-out.js';
import { query } from '../persistence/sql.js';
import { unseenWording, writeConsent, type ConsentWord } from './write-consent.js';

/** Where an opt-out came from. */
export interface OptOut {
  /** The source of the consent events, as in `sms-stop`. */
  readonly source: string;
  /** The enrolment whose journey gets the opt-out itself; other journeys get the failure of their message. Null if there is none. */
  readonly answered: string | null;
  /** The reason of the suppression; a later START does not lift a complaint. */
  readonly reason?: 'opt-out' | 'complaint';
}

/**
 * Stops offers to these addresses: they are suppressed, the consent of everybody who has them is withdrawn, and planned messages are
 * withdrawn. By e-mail, messages about the contract continue, unless it is a complaint; by text and WhatsApp they stop as well (see
 * may-write.ts). An address without a customer is suppressed too.
 */
export async function optOut(
  tx: EntityManager,
  addresses: readonly SpokenFor[],
  { source, answered, reason = 'opt-out' }: OptOut,
  now: Date,
): Promise<void> {
  if (addresses.length === 0) return;
  const holders = await lockAddresses(tx, addresses);
  await query(
    tx,
    `insert into suppression (id, channel, address_hash, reason, at)
     select distinct on (channel, address_hash) uuidv7(), channel, address_hash, $3, $4::timestamptz
     from unnest($1::text[], $2::text[]) as said (channel, address_hash)
     on conflict (channel, address_hash) do update set reason = excluded.reason
     where suppression.reason = 'opt-out' and excluded.reason = 'complaint'`,
    [...columnsOf(addresses), reason, now],
  );
  const ended = holders.flatMap(({ customerId, channel }) =>
    suppressedPurposes(channel, reason).map((purpose) => ({ customerId, channel, purpose })),
  );
  await writeConsent(tx, wordsOf(holders, false, source), { ended, answered, now });
}

/** A provider blocks these addresses because their owner opted out there. It has the same effect as any other opt-out. */
export const optOutAtProvider: ProviderOptOut = (tx, addresses, now) => optOut(tx, addresses, { source: 'provider', answered: null }, now);

/**
 * Revokes an opt-out of this channel. A suppression for any other reason stays.
 * @returns false if there was no opt-out; consent is then not granted either
 */
export async function optIn(tx: EntityManager, address: SpokenFor, source: string, now: Date): Promise<boolean> {
  const holders = await lockAddresses(tx, [address]);
  if ((await liftOptOuts(tx, [address])) === 0) return false;
  await writeConsent(tx, wordsOf(holders, true, source), { now });
  return true;
}

/** Lifts the suppression of addresses after an opt-out; other suppressions stay. @returns how many were lifted */
export async function liftOptOuts(tx: EntityManager, addresses: readonly SpokenFor[]): Promise<number> {
  const lifted = await query(
    tx,
    `delete from suppression s using unnest($1::text[], $2::text[]) as said (channel, address_hash)
     where s.channel = said.channel and s.address_hash = said.address_hash and s.reason = 'opt-out' returning s.id`,
    columnsOf(addresses),
  );
  return lifted.length;
}

interface Holder extends SpokenFor {
  readonly customerId: string;
}

/** Locks all contact points with these addresses, in the same order as planning. @returns the customers who have them */
export async function lockAddresses(tx: EntityManager, addresses: readonly SpokenFor[]): Promise<Holder[]> {
  return query<Holder>(
    tx,
    `select p.customer_id as "customerId", p.channel, p.address_hash as "addressHash" from contact_point p
     where p.address_hash = any($2::text[]) and (p.channel, p.address_hash) in (select * from unnest($1::text[], $2::text[]))
     order by p.id for update`,
    columnsOf(addresses),
  );
}

const columnsOf = (addresses: readonly SpokenFor[]): [string[], string[]] => [
  addresses.map(({ channel }) => channel),
  addresses.map(({ addressHash }) => addressHash),
];

const wordsOf = (holders: readonly Holder[], granted: boolean, source: string): ConsentWord[] =>
  holders.map((holder) => ({ ...holder, purpose: 'marketing', granted, source, wordingVersion: unseenWording, actor: 'customer' }));
