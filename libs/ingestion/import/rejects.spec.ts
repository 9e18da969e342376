import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { unwritable } from '../../platform/output-file.js';
import { importCustomers } from './import-customers.js';
import { stillRejected } from './layout.js';
import { parseMapping } from './mapping.js';
import { openRejectsFile } from './write-rejects.js';

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
let source: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'rejects-'));
  source = join(folder, 'customers.csv');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const bring = (text: string) =>
  importCustomers(database.orm.em.fork(), { stream: Readable.from([Buffer.from(text, 'latin1')]), mapping, now });

describe('rows that are rejected', () => {
  it('are grouped by reason, with their count and first lines, the one real error among them', async () => {
    const bad = Array.from({ length: 30 }, (_, index) => `g-${index};Ann;${index}x;M`);
    const report = await bring(
      ['id;name;charge;contract', ...bad, 'g-30;Ann;1.00;Z', 'g-31;Ann;1.00;Q', 'g-32;Ann;1.00', 'g-33;Ann;1.00;M'].join('\n'),
    );
    expect(report).toMatchObject({ read: 34, created: 1, rejectedRows: 33 });
    expect(report.errors).toEqual([
      { reason: 'charge: is not an amount', rows: 30, lines: [2, 3, 4, 5, 6], example: 'charge: "0x" is not an amount' },
      { reason: 'contract: is not one of "M", "Y"', rows: 2, lines: [32, 33], example: 'contract: "Z" is not one of "M", "Y"' },
      { reason: 'has 3 cells, the header has 4', rows: 1, lines: [34], example: 'has 3 cells, the header has 4' },
    ]);
  });

  it('need little memory, however many there are', async () => {
    const bad = Array.from({ length: 5_000 }, (_, index) => `m-${index};Ann;1.00;x${'Z'.repeat(index % 500)}"${index}`);
    const report = await bring(['id;name;charge;contract', ...bad].join('\n'));
    expect(report.rejectedRows).toBe(5_000);
    expect(report.rejected).toHaveLength(1_000);
    expect(report.errors.length).toBeLessThanOrEqual(201);
    expect(report.errors.reduce((sum, each) => sum + each.rows, 0)).toBe(5_000);
  });

  it('can be written to a file, fixed, and imported with the same mapping', async () => {
    const path = join(folder, 'rejects.csv');
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
    const rejects = await openRejectsFile(path, source);
    const report = await importCustomers(database.orm.em.fork(), { path: source, mapping, now, rejects });
    await rejects.close();
    expect(report).toMatchObject({ created: 1, rejectedRows: 4 });

    const written = await readFile(path, 'utf8');
    expect(written.split('\r\n')).toEqual([
      '\ufeffid;name;charge;contract;rejected because',
      'r-1;J\u00f6rg;free;M;"charge: ""free"" is not an amount"',
      'r-3;"M\u00fcller; Söhne ""GmbH""";1.00;Z;"contract: ""Z"" is not one of ""M"", ""Y"""',
      `r-4;'=1+1;no;M;"charge: ""no"" is not an amount"`,
      'r-5;Bob;;;has 2 cells, the header has 4',
      '',
    ]);

    const unfixed = await openRejectsFile(`${path}.3`, source);
    const same = await importCustomers(database.orm.em.fork(), { path, mapping, now, rejects: unfixed });
    await unfixed.close();
    expect(same).toMatchObject({ created: 0, updated: 0, rejectedRows: 4 });
    expect(same.errors[0]).toMatchObject({ reason: stillRejected, rows: 4 });
    expect(await readFile(`${path}.3`, 'utf8')).toBe(written);

    const fixedLines = written.replace('free', '2.00').replace('1.00;Z', '1.00;M').replace(';no;', ';3.00;').split('\r\n');
    const cleared = fixedLines.map((line) => (line.startsWith('r-') ? line.replace(/;("([^"]|"")*"|[^;"]*)$/, ';') : line));
    await writeFile(path, cleared.join('\r\n'));
    const again = await openRejectsFile(`${path}.2`, source);
    const fixed = await importCustomers(database.orm.em.fork(), { path, mapping, now, rejects: again });
    await again.close();
    expect(fixed).toMatchObject({ created: 4, rejectedRows: 0 });
    const names = await query<{ name: string }>(
      database.orm.em.fork(),
      `select name from customer where external_id like 'r-%' order by external_id`,
    );
    expect(names.map(({ name }) => name)).toEqual(['J\u00f6rg', 'Ann', 'M\u00fcller; Söhne "GmbH"', '=1+1', 'Bob']);
  });

  it('need a writable file, which is checked before a row is read', async () => {
    await expect(openRejectsFile(join(folder, 'no-such-folder', 'rejects.csv'), source)).rejects.toMatchObject({
      kind: 'not-found',
      places: [{ what: 'its folder does not exist' }],
    });
    await expect(openRejectsFile(folder, source)).rejects.toMatchObject({
      kind: 'invalid',
      places: [{ where: folder, what: 'it is a folder' }],
    });
  });

  it('end the import, and nothing else, if their file can no longer be written', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const [rejects, reader] = await Promise.all([openRejectsFile(path, source), open(path, 'r')]);
    await reader.close();
    rejects.begin({ delimiter: ',', linesBefore: 0, header: ['id'] });
    const fill = async (): Promise<void> => {
      for (let row = 0; row < 10_000; row++) await rejects.add(['x'.repeat(100)], 'wrong');
    };
    await expect(fill()).rejects.toMatchObject({ code: 'EPIPE' });
    await expect(rejects.close()).rejects.toMatchObject({ code: 'EPIPE' });
    expect(unwritable(path, { code: 'ENOSPC' })).toMatchObject({
      kind: 'unavailable',
      places: [{ where: path, what: 'the disk is full' }],
    });
  });

  it('are never written over the imported file', async () => {
    await writeFile(source, 'id\n');
    await expect(openRejectsFile(join(folder, '.', 'customers.csv'), source)).rejects.toMatchObject({ kind: 'invalid' });
    await symlink(source, join(folder, 'link.csv'));
    await expect(openRejectsFile(join(folder, 'link.csv'), source)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await readFile(source, 'utf8')).toBe('id\n');
  });

  it('are not imported while they keep their reason: a short row, and the second of two, change nobody', async () => {
    const path = join(folder, 'kept.csv');
    const rejects = await openRejectsFile(path, source);
    const text = 'id;name;charge;contract\ns-1;Ann;1.00;M\ns-1;Bob;2.00;Y\ns-2;Cid';
    await importCustomers(database.orm.em.fork(), { stream: Readable.from([text]), mapping, now, rejects });
    await rejects.close();
    const report = await importCustomers(database.orm.em.fork(), { path, mapping, now });
    expect(report).toMatchObject({ read: 2, created: 0, updated: 0, rejectedRows: 2 });
    const rows = await query(database.orm.em.fork(), `select name from customer where external_id like 's-%'`);
    expect(rows).toEqual([{ name: 'Ann' }]);
  });

  it('do not damage stored data: a charge, currency and tenure stay if a later file lacks them', async () => {
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
