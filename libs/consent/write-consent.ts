import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { saidAt } from '../customers/latest-consent.js';
import type { Purpose } from '../channels/purpose.js';
import { takeBackPlanned, type Ended } from '../messaging/planning/take-back.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';

/** One consent event, before it is stored. */
export interface ConsentWord {
  readonly customerId: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** The address that it was given for: consent does not carry over to another one. */
  readonly addressHash: string;
  readonly granted: boolean;
  /** Its source, as in `sms-stop`. */
  readonly source: string;
  readonly wordingVersion: string;
  /** When it was given; now if it is missing. */
  readonly at?: Date | undefined;
  /** Who gave it: `customer`, `api-key:<id>`, `system`. */
  readonly actor: string;
}

/** By a button, without a text that was agreed to. */
export const unseenWording = '1';

/**
 * The one writer of consent events, for one or a thousand: it appends them, and withdraws the planned messages of each withdrawal, whose
 * journeys are then notified that their message failed. The caller holds the locks of the contact points (`lockAddresses`), so that nothing
 * is planned in the meantime.
 * @param ended what else ends: a suppression may block more than the withdrawn consent
 * @param answered the enrolment that is notified in another way; null if there is none
 */
export async function writeConsent(
  tx: EntityManager,
  words: readonly ConsentWord[],
  { ended = [], answered = null, now }: { readonly ended?: readonly Ended[]; readonly answered?: string | null; readonly now: Date },
): Promise<{ readonly ids: readonly string[]; readonly withdrawnMessages: number }> {
  const rows = words.map((word) => ({ ...word, id: newId() }));
  if (rows.length > 0) await query(tx, append, [now, ...columns.map((name) => rows.map((row) => row[name] ?? null))]);
  const withdrawn = words.filter(({ granted }) => !granted);
  return { ids: rows.map(({ id }) => id), withdrawnMessages: await takeBackPlanned(tx, [...withdrawn, ...ended], answered, now) };
}

const columns = ['id', 'customerId', 'channel', 'purpose', 'addressHash', 'granted', 'source', 'wordingVersion', 'at', 'actor'] as const;

const saidNow = saidAt('w.at', '$1', { customer: 'w.customer_id', channel: 'w.channel', purpose: 'w.purpose', hash: 'w.address_hash' });
const append = `
  insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
  select w.id, w.customer_id, w.channel, w.purpose, w.address_hash, w.granted, w.source, w.wording_version,
         ${saidNow}, w.actor
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[], $10::timestamptz[], $11::text[])
    as w (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)`;
