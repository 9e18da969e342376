import type { EntityManager } from '@mikro-orm/postgresql';
import { addressKindOf, type Channel } from '../customers/channels.js';
import { readAddress } from '../customers/address/read-address.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { conflict, Problem, type ProblemPlace } from '../platform/problem.js';
import { hashAddress } from '../customers/address/hash-address.js';
import { expectSaid, type ConsentChange, recordConsent } from '../consent/record-consent.js';

/** A customer as another system adds them. */
export interface NewCustomer {
  readonly externalId: string;
  readonly name: string | null;
  readonly locale: string;
  readonly timeZone: string | null;
  readonly plan: string | null;
  /** Minor units of `currency` a month. */
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
  /** Whole months. */
  readonly tenure: number | null;
  readonly preferredChannel: Channel | null;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
  readonly contactPoints: readonly { readonly channel: Channel; readonly address: string }[];
  readonly consents: readonly ConsentChange[];
}

/**
 * Stores a new customer with their addresses and consents, in the transaction of `tx`.
 * @param secret keys the hash of an address
 * @param by who does it, as consent events name their actor
 * @throws Problem `conflict` where the external id is taken, `invalid` for an address that is none
 */
export async function createCustomer(tx: EntityManager, given: NewCustomer, secret: string, by: string, now: Date): Promise<string> {
  expectSaid(given.consents, now, (index) => `consents.${index}.at`);
  const points = readAddresses(given);
  const created = await queryOne<{ id: string }>(
    tx,
    `insert into customer (id, external_id, name, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made,
       preferred_channel, created_at, updated_at)
     values ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, $10::jsonb, '{}', $11, $12, $12)
     on conflict (external_id) do nothing returning id`,
    [
      newId(),
      given.externalId,
      given.name,
      given.locale,
      given.timeZone,
      given.plan,
      given.monthlyCharge,
      given.currency,
      given.tenure,
      JSON.stringify(given.attributes),
      given.preferredChannel,
      now,
    ],
  );
  if (created === undefined) throw conflict('A customer with this externalId exists already', 'Look it up with GET /v1/customers?search=.');
  for (const point of points) {
    await query(
      tx,
      'insert into contact_point (id, customer_id, channel, address, address_hash, created_at) values ($1, $2, $3, $4, $5, $6)',
      [newId(), created.id, point.channel, point.address, hashAddress(secret, point.channel, point.address), now],
    );
  }
  for (const consent of given.consents) await recordConsent(tx, created.id, consent, by, now);
  return created.id;
}

function readAddresses(given: NewCustomer): { channel: Channel; address: string }[] {
  const wrong: ProblemPlace[] = [];
  const points = given.contactPoints.flatMap(({ channel, address }, index) => {
    const read = readAddress(addressKindOf(channel), address);
    if ('address' in read) return [{ channel, address: read.address }];
    wrong.push({ where: `contactPoints.${index}.address`, what: read.whyNot });
    return [];
  });
  if (wrong.length > 0) throw new Problem('invalid', 'The request is not valid', wrong);
  return points;
}
