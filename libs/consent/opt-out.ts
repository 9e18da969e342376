import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../customers/channels.js';
import { saidAt } from '../customers/latest-consent.js';
import { barredPurposes } from '../customers/may-write.js';
import { takeBackPlanned } from '../messaging/planning/take-back.js';
import { query } from '../persistence/sql.js';

/** The address that an opt-out or an opt-in speaks for. */
export interface SpokenFor {
  readonly channel: Channel;
  readonly addressHash: string;
}

/**
 * No more offers go to this address: it is suppressed, the consent of everybody who has it is withdrawn, and what was
 * planned for it is taken back. By e-mail, messages about the contract go on, unless it is a complaint; by text and WhatsApp
 * they end as well (see may-write.ts). An address that is nobody's is suppressed all the same.
 * @param source of the consent event, as in `sms-stop`
 * @param answered the enrolment that hears of the opt-out itself; other journeys hear that their message failed
 * @param reason of the suppression; a complaint is not lifted by a later START
 */
export async function optOut(
  tx: EntityManager,
  { channel, addressHash }: SpokenFor,
  source: string,
  answered: string | null,
  now: Date,
  reason: 'opt-out' | 'complaint' = 'opt-out',
): Promise<void> {
  const customers = await lockHolders(tx, { channel, addressHash });
  await query(
    tx,
    `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), $1, $2, $4, $3)
     on conflict (channel, address_hash) do update set reason = excluded.reason
     where suppression.reason = 'opt-out' and excluded.reason = 'complaint'`,
    [channel, addressHash, now, reason],
  );
  await recordConsent(tx, { channel, addressHash }, customers, false, source, now);
  await takeBackPlanned(tx, { customerIds: customers, channel, purposes: barredPurposes(channel, reason) }, answered, now);
}

/**
 * Takes an opt-out of this channel back. A suppression for any other reason stays.
 * @returns false where there was no opt-out to take back; consent is then not granted either
 */
export async function optIn(tx: EntityManager, { channel, addressHash }: SpokenFor, source: string, now: Date): Promise<boolean> {
  const customers = await lockHolders(tx, { channel, addressHash });
  const lifted = await query(tx, `delete from suppression where channel = $1 and address_hash = $2 and reason = 'opt-out' returning id`, [
    channel,
    addressHash,
  ]);
  if (lifted.length === 0) return false;
  await recordConsent(tx, { channel, addressHash }, customers, true, source, now);
  return true;
}

/** Locks everybody's contact points with this address, in the order in which planning locks them. @returns their customers */
async function lockHolders(tx: EntityManager, { channel, addressHash }: SpokenFor): Promise<string[]> {
  const rows = await query<{ customerId: string }>(
    tx,
    'select customer_id as "customerId" from contact_point where channel = $1 and address_hash = $2 order by id for update',
    [channel, addressHash],
  );
  return rows.map(({ customerId }) => customerId);
}

async function recordConsent(
  tx: EntityManager,
  { channel, addressHash }: SpokenFor,
  customers: readonly string[],
  granted: boolean,
  source: string,
  now: Date,
): Promise<void> {
  await query(
    tx,
    `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
     select uuidv7(), customer_id, $2, 'marketing', $3, $4, $5, '1', ${saidNow}, 'customer' from unnest($1::uuid[]) as customer_id`,
    [customers, channel, addressHash, granted, source, now],
  );
}

const saidNow = saidAt('$6', '$6', { customer: 'customer_id', channel: '$2', purpose: "'marketing'", hash: '$3' });
