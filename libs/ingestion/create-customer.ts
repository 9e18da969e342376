import type { EntityManager } from '@mikro-orm/postgresql';
import { addressKindOf, type Channel } from '../channels/table.js';
import { readAddress } from '../channels/address/read-address.js';
import { addContactPoints } from '../customers/write-contact-points.js';
import { insertCustomer, type NewCustomerRow } from '../customers/write-customers.js';
import { conflict, Problem, type ProblemPlace } from '../platform/problem.js';
import { hashAddress } from '../channels/address/hash-address.js';
import { expectSaid, type ConsentChange, recordConsent } from '../consent/record-consent.js';

/** A customer that another system adds. */
export interface NewCustomer extends NewCustomerRow {
  readonly contactPoints: readonly { readonly channel: Channel; readonly address: string }[];
  readonly consents: readonly ConsentChange[];
}

/**
 * Stores a new customer with their addresses and consents, in the transaction of `tx`.
 * @param secret keys the hash of an address
 * @param by who does it, as consent events name their actor
 * @throws Problem `conflict` if the external id is taken, `invalid` for an address that is not one
 */
export async function createCustomer(tx: EntityManager, given: NewCustomer, secret: string, by: string, now: Date): Promise<string> {
  expectSaid(given.consents, now, (index) => `consents.${index}.at`);
  const points = readAddresses(given);
  const id = await insertCustomer(tx, given, now);
  if (id === undefined) throw conflict('A customer with this externalId exists already', 'Look it up with GET /v1/customers?search=.');
  const addressed = points.map((point) => ({ ...point, customerId: id, addressHash: hashAddress(secret, point.channel, point.address) }));
  await addContactPoints(tx, addressed, now);
  for (const consent of given.consents) await recordConsent(tx, id, consent, by, now);
  return id;
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
