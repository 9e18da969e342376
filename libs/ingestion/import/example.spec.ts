import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { testSecret as secret } from '../../../test/harness/factories.js';
import { query } from '../../persistence/sql.js';
import { projectFile } from '../../platform/project-file.js';
import { knownFields } from '../../segments/fields.js';
import { importCustomers } from './import-customers.js';
import { loadMapping } from './mapping.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('the example of a bank', () => {
  it('is imported as it is, without charges, and saved by Excel as well', async () => {
    const path = projectFile('config', 'imports', 'bank.csv');
    const mapping = projectFile('config', 'imports', 'bank.yaml');
    const now = new Date('2026-03-01T10:00:00Z');
    const report = await importCustomers(database.orm.em.fork(), { path, mapping, secret, now });
    expect(report).toMatchObject({
      read: 3,
      created: 3,
      rejectedRows: 0,
      contacts: { addressesAdded: 5, consentsGranted: 2, consentsWithdrawn: 1 },
    });
    const [first] = await query(database.orm.em.fork(), `select * from customer where external_id = 'K10001'`);
    expect(first).toMatchObject({
      name: 'Jörg Beispiel',
      locale: 'de',
      monthly_charge: null,
      attributes: { balance: 1240.5, customer_since: '2015-01-12', products: 3, customer_group: 'privat', churned_before: false },
    });
    const excel = Buffer.from(`sep=;\r\n${(await readFile(path, 'utf8')).replaceAll('\n', '\r\n')}`, 'latin1');
    const source = { stream: Readable.from([excel]), mapping: { ...(await loadMapping(mapping)), encoding: 'windows-1252' } };
    expect(await importCustomers(database.orm.em.fork(), { ...source, secret, now })).toMatchObject({ created: 0, unchanged: 3 });
    await query(database.orm.em.fork(), 'truncate customer cascade');
  });
});

describe('the project’s example', () => {
  it('is imported as it is, with addresses, consents, and attributes that rules know', async () => {
    const path = projectFile('config', 'imports', 'example.csv');
    const mapping = projectFile('config', 'imports', 'example.yaml');
    const report = await importCustomers(database.orm.em.fork(), { path, mapping, secret, now: new Date('2026-03-01T10:00:00Z') });
    expect(report).toEqual({
      read: 10,
      created: 10,
      updated: 0,
      unchanged: 0,
      contacts: {
        addressesAdded: 18,
        addressesChanged: 0,
        consentsGranted: 13,
        consentsWithdrawn: 3,
        grantsBlocked: 0,
        grantsPassedOver: 0,
      },
      rejectedRows: 0,
      rejected: [],
      errors: [],
    });
    const em = database.orm.em.fork();
    const [first] = await query(em, `select * from customer where external_id = '1001'`);
    expect(first).toMatchObject({
      name: 'Ada Example',
      locale: 'en-GB',
      time_zone: 'Europe/London',
      plan: 'fibre-500',
      monthly_charge: 3990,
    });
    const emails = await query<{ address: string }>(em, `select address from contact_point where channel = 'email'`);
    expect(emails.filter(({ address }) => !address.endsWith('@example.com'))).toEqual([]);

    const stored = await query<{ attributes: Record<string, unknown> }>(em, 'select attributes from customer');
    const strange = stored
      .flatMap(({ attributes }) => Object.entries(attributes))
      .filter(([name, value]) => {
        const field = knownFields().find((each) => each.of === 'customer' && each.name === name);
        return field?.type !== typeof value || (field.values !== null && !field.values.includes(String(value)));
      });
    expect(strange).toEqual([]);
  });
});
