import type { EntityManager } from '@mikro-orm/postgresql';
import { suppressedPurposes } from '../customers/may-write.js';
import type { ProviderOptOut, SpokenFor } from '../messaging/contract/opt-out.js';
import { query } from '../persistence/sql.js';
import { unseenWording, writeConsent, type ConsentWord } from './write-consent.js';

/** How an opt-out came. */
export interface OptOut {
  /** Of the consent events, as in `sms-stop`. */
  readonly source: string;
  /** The enrolment that hears of the opt-out itself; other journeys hear that their message failed. Null if there is none. */
  readonly answered: string | null;
  /** Of the suppression; a complaint is not lifted by a later START. */
  readonly reason?: 'opt-out' | 'complaint';
}

/**
 * No more offers go to these addresses: they are suppressed, the consent of everybody who has them is withdrawn, and what was
 * planned for them is taken back. By e-mail, messages about the contract go on, unless it is a complaint; by text and WhatsApp
 * they end as well (see may-write.ts). An address that is nobody's is suppressed all the same.
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

/** A provider lets nothing more through to these addresses: their owner opted out there. The same as any other opt-out. */
export const optOutAtProvider: ProviderOptOut = (tx, addresses, now) => optOut(tx, addresses, { source: 'provider', answered: null }, now);

/**
 * Takes an opt-out of this channel back. A suppression for any other reason stays.
 * @returns false if there was no opt-out to take back; consent is then not granted either
 */
export async function optIn(tx: EntityManager, address: SpokenFor, source: string, now: Date): Promise<boolean> {
  const holders = await lockAddresses(tx, [address]);
  if ((await liftOptOuts(tx, [address])) === 0) return false;
  await writeConsent(tx, wordsOf(holders, true, source), { now });
  return true;
}

/** Lets addresses be written to again that an opt-out had blocked; what else blocks them stays. @returns how many were lifted */
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

/** Locks everybody's contact points with these addresses, in the order in which planning locks them. @returns who has them */
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
