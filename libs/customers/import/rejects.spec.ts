import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { importCustomers } from './import-customers.js';
import { parseMapping } from './mapping.js';
import { createRejectsFile } from './write-rejects.js';

const now = new Date('2026-03-01T10:00:00Z');
const mapping = parseMapping(`
import: small
currency: EUR
encoding: windows-1252
customer:
  external_id: { column: id }
  name: { column: name }
  monthly_charge: { column: charge, type: money }
attributes:
  contract: { column: contract, values: { M: monthly, Y: yearly } }
`);

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'rejects-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const bring = (text: string) =>
  importCustomers(database.orm.em.fork(), { stream: Readable.from([Buffer.from(text, 'latin1')]), mapping, now });

describe('rows that are rejected', () => {
  it('are grouped by reason, with their count and first lines, the one real fault among them', async () => {
    const bad = Array.from({ length: 30 }, (_, index) => `g-${index};Ann;${index}x;M`);
    const report = await bring(
      ['id;name;charge;contract', ...bad, 'g-30;Ann;1.00;Z', 'g-31;Ann;1.00;Q', 'g-32;Ann;1.00', 'g-33;Ann;1.00;M'].join('\n'),
    );
    expect(report).toMatchObject({ read: 34, created: 1, rejectedRows: 33 });
    expect(report.faults).toEqual([
      { reason: 'charge: is not an amount', rows: 30, lines: [2, 3, 4, 5, 6], example: 'charge: "0x" is not an amount' },
      { reason: 'contract: is none of "M", "Y"', rows: 2, lines: [32, 33], example: 'contract: "Z" is none of "M", "Y"' },
      { reason: 'has 3 cells, the header has 4', rows: 1, lines: [34], example: 'has 3 cells, the header has 4' },
    ]);
  });

  it('are kept in little memory, however many there are', async () => {
    const bad = Array.from({ length: 5_000 }, (_, index) => `m-${index};Ann;1.00;x${'Z'.repeat(index % 500)}"${index}`);
    const report = await bring(['id;name;charge;contract', ...bad].join('\n'));
    expect(report.rejectedRows).toBe(5_000);
    expect(report.rejected).toHaveLength(1_000);
    expect(report.faults.length).toBeLessThanOrEqual(201);
    expect(report.faults.reduce((sum, each) => sum + each.rows, 0)).toBe(5_000);
  });

  it('can be had as a file, mended, and imported with the same mapping', async () => {
    const path = join(folder, 'rejects.csv');
    const source = join(folder, 'customers.csv');
    const header = 'id;name;charge;contract';
    const lines = [
      header,
      'r-1;J\u00f6rg;free;M',
      'r-2;Ann;1.00;M',
      'r-3;"M\u00fcller; Söhne ""GmbH""";1.00;Z',
      'r-4;=1+1;no;M',
      'r-5;Bob',
    ];
    await writeFile(source, Buffer.from(lines.join('\n'), 'latin1'));
    const rejects = createRejectsFile(path);
    const report = await importCustomers(database.orm.em.fork(), { path: source, mapping, now, rejects });
    await rejects.close();
    expect(report).toMatchObject({ created: 1, rejectedRows: 4 });

    const written = await readFile(path, 'utf8');
    expect(written.split('\r\n')).toEqual([
      '\ufeffid;name;charge;contract;rejected because',
      'r-1;J\u00f6rg;free;M;"charge: ""free"" is not an amount"',
      'r-3;"M\u00fcller; Söhne ""GmbH""";1.00;Z;"contract: ""Z"" is none of ""M"", ""Y"""',
      `r-4;'=1+1;no;M;"charge: ""no"" is not an amount"`,
      'r-5;Bob;;;has 2 cells, the header has 4',
      '',
    ]);

    await writeFile(path, written.replace('free', '2.00').replace('1.00;Z', '1.00;M').replace(';no;', ';3.00;'));
    const again = createRejectsFile(`${path}.2`);
    const mended = await importCustomers(database.orm.em.fork(), { path, mapping, now, rejects: again });
    await again.close();
    expect(mended).toMatchObject({ created: 4, rejectedRows: 0 });
    const names = await query<{ name: string }>(
      database.orm.em.fork(),
      `select name from customer where external_id like 'r-%' order by external_id`,
    );
    expect(names.map(({ name }) => name)).toEqual(['J\u00f6rg', 'Ann', 'M\u00fcller; Söhne "GmbH"', '=1+1', 'Bob']);
  });

  it('do not spoil what is known: a charge, currency and tenure stay where a later file lacks them', async () => {
    await bring('id;name;charge;contract\nk-1;Ann;5.00;M');
    const bare = parseMapping('import: bare\ncustomer: { external_id: { column: id } }');
    const report = await importCustomers(database.orm.em.fork(), {
      stream: Readable.from(['id\nk-1\nk-2']),
      mapping: bare,
      defaultLocale: 'de',
      now,
    });
    expect(report).toMatchObject({ created: 1, unchanged: 1 });
    const rows = await query(
      database.orm.em.fork(),
      `select monthly_charge, currency, locale, tenure from customer where external_id like 'k-%' order by external_id`,
    );
    expect(rows).toEqual([
      { monthly_charge: 500, currency: 'EUR', locale: 'en', tenure: null },
      { monthly_charge: null, currency: null, locale: 'de', tenure: null },
    ]);
  });
});
