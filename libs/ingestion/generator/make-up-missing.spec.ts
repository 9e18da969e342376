import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { hashAddress } from '../../channels/address/hash-address.js';
import type { Channel } from '../../channels/table.js';
import { makeUpMissing } from './make-up-missing.js';

const now = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-02T10:00:00Z');
const secret = 'a secret that is only good for tests, 32+';
const count = 1500;

let database: TestDatabase;
const em = () => database.orm.em.fork();
const everything = async () => ({
  customers: await query(
    em(),
    `select external_id, name, locale, time_zone, made, preferred_channel, updated_at from customer order by external_id`,
  ),
  points: await query<{ channel: Channel; address: string; address_hash: string }>(
    em(),
    `select external_id, channel, address, address_hash from contact_point join customer on customer.id = customer_id order by 1, 2`,
  ),
  consents: await query(
    em(),
    `select external_id, channel, purpose, address_hash, granted, source, at from consent_event join customer on customer.id = customer_id order by 1, 2`,
  ),
});

beforeAll(async () => {
  database = await createTestDatabase();
  await query(
    em(),
    `insert into customer (id, external_id, locale, status, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
     select uuidv7(), 'c-' || n, 'en', 'active', 1000, 'EUR', 1, '{}', '{}', $1, $1 from generate_series(1, $2::int) n`,
    [now, count],
  );
  await query(em(), `update customer set name = 'Given Name', locale = 'it', time_zone = 'Europe/Rome' where external_id = 'c-1'`);
  await query(
    em(),
    `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
     select uuidv7(), id, 'email', 'given@company.example', 'hash', $1 from customer where external_id in ('c-2')`,
    [now],
  );
});
afterAll(() => database.close());

describe('making up what is missing', () => {
  it('completes everyone once, marks what it made up, and keeps given data', async () => {
    const progress: number[] = [];
    const first = await makeUpMissing(em(), { seed: 1, secret, now, onProgress: (done) => progress.push(done) });
    expect(first).toEqual({ completed: count });
    expect(progress).toEqual([1000, count]);
    const after = await everything();
    expect(after.customers.find((customer) => 'external_id' in customer && customer.external_id === 'c-1')).toMatchObject({
      name: 'Given Name',
      locale: 'it',
      time_zone: 'Europe/Rome',
      made: expect.not.arrayContaining(['name']) as unknown,
    });
    const second = after.customers.find((customer) => 'external_id' in customer && customer.external_id === 'c-2');
    expect(second).toMatchObject({ made: ['locale', 'name', 'time_zone'], preferred_channel: null });
    expect(after.points.filter((point) => point.address === 'given@company.example')).toHaveLength(1);
    expect(after.points.length).toBeGreaterThan(count * 1.9);
    expect(new Set(after.points.map((point) => point.address)).size).toBe(after.points.length);
    const made = after.points.filter((point) => point.address.endsWith('@customers.example') || point.channel === 'sms');
    expect(made.length).toBe(after.points.length - 1);
    for (const { channel, address, address_hash } of made) expect(address_hash).toBe(hashAddress(secret, channel, address));

    expect(await makeUpMissing(em(), { seed: 1, secret, now: later })).toEqual({ completed: 0 });
    expect(await everything()).toEqual(after);
  });

  it('consents only for addresses that it made, to marketing', async () => {
    const strangers = await query(
      em(),
      `select from consent_event where purpose <> 'marketing' or source <> 'generator' or not granted or not exists (
         select from contact_point point where point.customer_id = consent_event.customer_id and point.channel = consent_event.channel
           and point.address_hash = consent_event.address_hash)`,
    );
    expect(strangers).toEqual([]);
    const [share] = await query<{ share: number }>(
      em(),
      `select count(*)::float8 / $1 as share from consent_event where channel = 'email'`,
      [count],
    );
    expect(share?.share).toBeCloseTo(0.92, 1);
  });
});
