import type { EntityManager } from '@mikro-orm/postgresql';
import { writeChanges, type CustomerChange } from '../../outbox/write-events.js';
import { query } from '../../persistence/sql.js';
import type { Progress } from '../../platform/progress.js';
import { writeConsent } from '../../consent/write-consent.js';
import { hashAddress } from '../../channels/address/hash-address.js';
import type { Channel } from '../../channels/table.js';
import { addContactPoints } from '../../customers/write-contact-points.js';
import { fillIn, type MadeUp } from '../../customers/write-customers.js';
import { makeCustomer, type MadeCustomer } from './made-customer.js';

const batchSize = 1000;
const consent = { purpose: 'marketing', granted: true, source: 'generator', wordingVersion: 'made-up', actor: 'system' } as const;

interface Incomplete {
  readonly id: string;
  readonly external_id: string;
  readonly has_name: boolean;
  readonly has_zone: boolean;
  readonly has_contact: boolean;
}

/**
 * Gives every customer without a name, time zone or contact point a made-up one, with marketing consents for the made-up addresses, so that
 * a data set without people in it can be tried out. The company's data is never overwritten; made-up fields are named in `customer.made`
 * (name, locale, time_zone, contact_points, preferred_channel). Running it again changes nothing. For demos and tests only: addresses end
 * in customers.example, numbers are reserved for fiction.
 * @param seed the same seed makes the same people
 * @param secret keys the hashes of addresses
 * @returns how many customers were completed
 */
export async function makeUpMissing(
  em: EntityManager,
  { seed, secret, now, onProgress }: { seed: string | number; secret: string; now: Date; onProgress?: Progress },
): Promise<{ completed: number }> {
  const taken = await takenNumbers(em);
  let completed = 0;
  for (;;) {
    const batch = await em.transactional(async (tx) => {
      const incomplete = await query<Incomplete>(tx, findIncomplete, [batchSize]);
      const made = incomplete.map((customer) => {
        const person = makeCustomer(String(seed), customer.external_id, (phone) => !taken.has(phone));
        if (person.phone !== null && !customer.has_contact) taken.add(person.phone);
        return { customer, person };
      });
      await fillIn(tx, made.map(toUpdate), now);
      await writeChanges(tx, made.map(toChange), now);
      const addresses = made.filter(({ customer }) => !customer.has_contact).flatMap((each) => toAddresses(each, secret));
      await addContactPoints(tx, addresses, now);
      await writeConsent(
        tx,
        addresses.filter(({ consented }) => consented).map((address) => ({ ...address, ...consent })),
        { now },
      );
      return incomplete.length;
    });
    completed += batch;
    onProgress?.(completed);
    if (batch < batchSize) return { completed };
  }
}

interface Made {
  readonly customer: Incomplete;
  readonly person: MadeCustomer;
}

const toChange = ({ customer }: Made): CustomerChange => ({
  customerId: customer.id,
  fields: [...(customer.has_name ? [] : ['customer.locale']), ...(customer.has_zone ? [] : ['customer.time_zone'])],
});

function toUpdate({ customer, person }: Made): MadeUp {
  const made = [
    ...(customer.has_name ? [] : ['name', 'locale']),
    ...(customer.has_zone ? [] : ['time_zone']),
    ...(customer.has_contact ? [] : ['contact_points']),
    ...(customer.has_contact || person.preferredChannel === null ? [] : ['preferred_channel']),
  ];
  return {
    id: customer.id,
    name: person.name,
    locale: customer.has_name ? null : person.locale,
    zone: person.timeZone,
    preferred: customer.has_contact ? null : person.preferredChannel,
    made,
  };
}

function toAddresses({ customer, person }: Made, secret: string) {
  const address = (channel: Channel, value: string) => ({
    customerId: customer.id,
    channel,
    address: value,
    addressHash: hashAddress(secret, channel, value),
    consented: person.consents.includes(channel),
  });
  return [address('email', person.email), ...(person.phone === null ? [] : [address('sms', person.phone)])];
}

/** Every telephone number in use: an answer from one must identify one customer. */
async function takenNumbers(em: EntityManager): Promise<Set<string>> {
  const rows = await query<{ address: string }>(em, `select address from contact_point where channel = 'sms'`);
  return new Set(rows.map((row) => row.address));
}

const findIncomplete = `
select id, external_id, name is not null as has_name, time_zone is not null as has_zone, has_contact
from customer
cross join lateral (select exists (select from contact_point where customer_id = customer.id) as has_contact)
where erased_at is null and (name is null or time_zone is null or not has_contact)
order by external_id
limit $1
for update of customer`;
