import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { projectFile } from '../../platform/project-file.js';
import { importCustomers } from './import-customers.js';
import { loadMapping, parseMapping } from './mapping.js';

const now = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-02T10:00:00Z');
const small = parseMapping(`
import: small
currency: EUR
locale: en
customer:
  external_id: { column: id }
  name: { column: name }
  plan: { column: plan }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
attributes:
  contract: { column: contract, type: keyword }
  usage: { column: usage, type: number }
`);
const header = 'id,name,plan,charge,months,contract,usage';

interface Row {
  external_id: string;
  name: string | null;
  monthly_charge: number;
  attributes: Record<string, unknown>;
  made: string[];
  updated_at: Date;
}

let database: TestDatabase;
const em = () => database.orm.em.fork();
const stored = (like: string) =>
  query<Row>(
    em(),
    `select external_id, name, monthly_charge, attributes, made, updated_at from customer where external_id like $1 order by external_id`,
    [like],
  );
const bring = (lines: readonly string[], at = now, mapping = small) =>
  importCustomers(em(), { stream: Readable.from([lines.join('\n')]), mapping, now: at });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('the import of customers', () => {
  it('imports the whole sample, and changes nothing the second time', async () => {
    const path = projectFile('data', 'telco-churn.csv.gz');
    const mapping = await loadMapping(projectFile('config', 'imports', 'telco.yaml'));
    const progress: number[] = [];
    const first = await importCustomers(em(), { path, mapping, now, onProgress: (done) => progress.push(done) });
    expect(first).toEqual({ read: 7043, created: 7043, updated: 0, unchanged: 0, rejectedRows: 0, rejected: [], errors: [] });
    expect(progress.at(-1)).toBe(7043);
    const before = await stored('telco-%');
    const second = await importCustomers(em(), { path, mapping, now: later });
    expect(second).toEqual({ read: 7043, created: 0, updated: 0, unchanged: 7043, rejectedRows: 0, rejected: [], errors: [] });
    expect(await stored('telco-%')).toEqual(before);
    const [row] = await stored('telco-1');
    expect(row).toMatchObject({
      name: null,
      monthly_charge: 2985,
      attributes: {
        churned_before: false,
        gender: 'female',
        contract: 'month-to-month',
        payment_method: 'electronic-check',
        total_charges: 29.85,
      },
      updated_at: now,
    });
  });

  it('stops after the configured number of rows', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `limit-${index},,,10,1,a,1`);
    const report = await importCustomers(em(), { stream: Readable.from([[header, ...lines].join('\n')]), mapping: small, now, limit: 4 });
    expect(report).toMatchObject({ read: 4, created: 4 });
  });

  it('updates only changed customers, and keeps data that is not in the file', async () => {
    await bring([header, 'up-1,Ann,basic,10.00,5,One year,7', 'up-2,Bob,basic,10.00,5,One year,7']);
    const report = await bring([header, 'up-1,,basic,12.50,6,,8', 'up-2,Bob,basic,10.00,5,One year,7', 'up-3,Cy,plus,1,1,,'], later);
    expect(report).toMatchObject({ read: 3, created: 1, updated: 1, unchanged: 1 });
    const [ann, bob] = await stored('up-%');
    expect(ann).toMatchObject({ name: 'Ann', monthly_charge: 1250, attributes: { contract: 'one-year', usage: 8 }, updated_at: later });
    expect(bob).toMatchObject({ updated_at: now });
  });

  it('replaces a made-up name by the real one, and then no longer marks it as made up', async () => {
    await bring([header, 'made-1,,basic,10,1,a,1']);
    await query(em(), `update customer set name = 'Made Up', made = '{name,time_zone}' where external_id = 'made-1'`);
    expect(await bring([header, 'made-1,,basic,10,1,a,1'], later)).toMatchObject({ unchanged: 1 });
    expect(await bring([header, 'made-1,Real Person,basic,10,1,a,1'], later)).toMatchObject({ updated: 1 });
    expect((await stored('made-%'))[0]).toMatchObject({ name: 'Real Person', made: ['time_zone'] });
  });

  it('reports bad rows by line and continues', async () => {
    const report = await bring([
      header,
      'bad-1,Ann,basic,10.00,5,a,1',
      'bad-2,Bob,basic,free,5,a,1',
      'bad-3,too,few',
      '',
      'bad-4,"Quo"ted,basic,10,5,a,1',
      'bad-1,Ann,basic,10.00,5,a,1',
      'bad-5,"two',
      'lines",basic,10,5,a,1',
      'bad-7,"open,basic,10,5,a,1',
      'bad-8,"Ann",basic,10.00,5,a,1',
      'bad-6,Eve,basic,10.00,5.5,a,1',
      'bad-9,E\0e,basic,10.00,5,a,1',
    ]);
    expect(report).toMatchObject({ read: 9, created: 3, updated: 0, unchanged: 0 });
    expect(report.rejected.map(({ line }) => line)).toEqual([3, 4, 7, 10, 12, 13]);
    expect(report.rejected.map(({ reason }) => reason)).toEqual([
      'charge: "free" is not an amount',
      'has 3 cells, the header has 7',
      'is the same customer as line 2',
      'goes on to line 11: a quotation mark is not closed',
      'months: "5.5" is not a whole number',
      'name: contains the control character U+0000',
    ]);
    expect((await stored('bad-%')).map((row) => row.external_id)).toEqual(['bad-1', 'bad-4', 'bad-5']);
  });

  it('stops with the line of an unclosed quotation mark', async () => {
    const act = bring([header, 'open-1,Ann,basic,10.00,5,a,1', 'open-2,"Bob,basic,10,5,a,1', 'open-3,Cy,basic,10,5,a,1']);
    await expect(act).rejects.toMatchObject({
      kind: 'invalid',
      places: [{ where: 'after line 2', what: 'a quotation mark is not closed' }],
    });
  });

  it('does not swallow the rest of a large file behind one quotation mark', async () => {
    const rest = Array.from({ length: 20_000 }, (_, index) => `long-${index},Ann,basic,10,5,a,1`);
    await expect(bring([header, 'long,"Bob,basic,10,5,a,1', ...rest])).rejects.toMatchObject({
      kind: 'invalid',
      places: [{ where: 'after line 1', what: 'a row is too long: is a quotation mark not closed?' }],
    });
  });

  it('writes nothing if the header is wrong', async () => {
    const act = bring(['id,name,plan,price,months,contract,usage', 'head-1,Ann,basic,10.00,5,a,1']);
    await expect(act).rejects.toMatchObject({
      kind: 'invalid',
      places: [
        { where: 'charge', what: 'is missing' },
        { where: 'price', what: 'is not a column of this import' },
      ],
    });
    expect(await stored('head-%')).toEqual([]);
  });

  it('reports a file that is empty, missing, or not what its name says', async () => {
    await expect(bring([''])).rejects.toMatchObject({ kind: 'invalid', title: 'The file is empty' });
    await expect(importCustomers(em(), { path: '/nowhere.csv', mapping: small, now })).rejects.toMatchObject({ kind: 'not-found' });
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    try {
      const path = join(folder, 'cut.csv.gz');
      await writeFile(path, gzipSync(`${header}\ncut-1,Ann,basic,10.00,5,a,1\n`).subarray(0, 30));
      await expect(importCustomers(em(), { path, mapping: small, now })).rejects.toMatchObject({ kind: 'invalid' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
