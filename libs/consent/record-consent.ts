import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { aheadOfNow, isAhead } from '../platform/instants.js';
import { conflict, Problem, type ProblemPlace } from '../platform/problem.js';
import type { Channel } from '../channels/table.js';
import type { Purpose } from '../channels/purpose.js';
import { writeConsent } from './write-consent.js';

/** A grant or withdrawal of consent, before it is stored. */
export interface ConsentChange {
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly wordingVersion: string;
  readonly source: string;
  /** When it was given; now if it is missing. */
  readonly at?: Date;
}

/**
 * Appends a consent event for the customer's present address on a channel. A withdrawal also withdraws planned messages to it for that
 * purpose, and notifies their journeys. The contact row is locked first, as when messages are planned, so that neither misses the other.
 * @throws Problem `conflict` if the customer has no address on the channel, `invalid` for an instant in the future
 */
export async function recordConsent(
  tx: EntityManager,
  customerId: string,
  consent: ConsentChange,
  by: string,
  now: Date,
): Promise<{ readonly id: string; readonly withdrawnMessages: number }> {
  expectSaid([consent], now, () => 'at');
  const point = await queryOne<{ hash: string }>(
    tx,
    'select address_hash as hash from contact_point where customer_id = $1 and channel = $2 for update',
    [customerId, consent.channel],
  );
  if (point === undefined)
    throw conflict(`The customer has no address for ${consent.channel}`, 'Consent is for an address: add the address first.');
  const written = await writeConsent(tx, [{ ...consent, customerId, addressHash: point.hash, actor: by }], { now });
  const [id] = written.ids;
  if (id === undefined) throw new Error('A consent event was written without an id');
  return { id, withdrawnMessages: written.withdrawnMessages };
}

/**
 * A consent that is dated in the future would win over everything that the customer says until then.
 * @param placeOf the place of the instant of one of them
 * @throws Problem `invalid`
 */
export function expectSaid(consents: readonly ConsentChange[], now: Date, placeOf: (index: number) => string): void {
  const places = consents.flatMap(({ at }, index): ProblemPlace[] =>
    at !== undefined && isAhead(at, now) ? [{ where: placeOf(index), what: aheadOfNow }] : [],
  );
  if (places.length > 0) throw new Problem('invalid', 'The request is not valid', places);
}
