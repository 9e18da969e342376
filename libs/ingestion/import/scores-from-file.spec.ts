import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { createRandom, type Random } from '../../platform/random.js';
import { writeDeclaration } from '../../scoring/declare/write-declaration.js';
import { parseScoreDeclaration } from '../../scoring/declaration.js';
import { scoreCustomers } from '../../scoring/score-customers.js';
import { trainScore, type TrainingReport } from '../../scoring/train-score.js';
import { declareFromFile } from './declare-from-file.js';
import { importCustomers } from './import-customers.js';
import { proposeMapping } from './propose-mapping.js';

const now = new Date('2026-03-02T12:00:00Z');

const secret = 'a secret that is only good for tests, 32+';

let database: TestDatabase;
let folder: string;
const em = () => database.orm.em.fork();
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'scores-from-file-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await query(em(), 'truncate customer, score_model cascade');
});

type Cell = string | number;
type Rows = readonly (readonly Cell[])[];
const table = (head: readonly string[], rows: Rows, delimiter = ','): string =>
  [head, ...rows].map((row) => `${row.join(delimiter)}\r\n`).join('');
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const rowsOf = (count: number, seed: string, row: (random: Random, index: number) => readonly Cell[]): Rows => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => row(random, index));
};

interface Walked {
  readonly declared: string;
  readonly mapping: string;
  readonly rejected: number;
  readonly train: () => Promise<TrainingReport>;
}

/** What a person does who has a file and corrects nothing: propose, import, declare. */
async function walk(content: string | Uint8Array): Promise<Walked> {
  const file = join(folder, 'mine.csv');
  await writeFile(file, content);
  const mapping = await proposeMapping({ path: file });
  const mappingFile = join(folder, 'mine.yaml');
  await writeFile(mappingFile, mapping);
  const { rejectedRows } = await importCustomers(em(), { path: file, mapping: mappingFile, secret, now });
  const declared = writeDeclaration(await declareFromFile({ path: file }), 'mine.csv');
  return {
    mapping,
    declared,
    rejected: rejectedRows,
    train: () => {
      const declaration = parseScoreDeclaration(declared);
      return trainScore(em(), { kind: declaration.score, now, seed: 1, declaration });
    },
  };
}

const family = async (): Promise<string> =>
  (await query<{ chosen: string }>(em(), `select figures ->> 'chosen' as chosen from score_model order by version desc limit 1`))[0]
    ?.chosen ?? '';

describe('from a file to a score', () => {
  it('a bank in Germany', async () => {
    const german = (amount: number): string =>
      amount
        .toFixed(2)
        .replace('.', ',')
        .replace(/\B(?=(\d{3})+,)/, '.');
    const rows = rowsOf(1500, 'bank', (random, index) => {
      const balance = Math.exp(7.5 + 2 * (random.next() + random.next() - 1));
      const products = random.pick([1, 1, 2, 2, 3, 4]);
      const group = random.pick(['Privat', 'Geschäft', 'Student']);
      const left = random.chance(sigmoid(-0.4 - 1.2 * (Math.log(balance) - 7.5) - 0.6 * (products - 2) + (group === 'Student' ? 1 : 0)));
      const since = `${String(1 + random.below(28)).padStart(2, '0')}.${String(1 + random.below(12)).padStart(2, '0')}.${2010 + random.below(15)}`;
      return [
        `K${100_000 + index * 7}`,
        `${random.pick(['Jürgen', 'Käthe', 'Sören', 'Anna'])} ${random.pick(['Müller', 'Weiß', 'Schäfer', 'Groß'])}`,
        random.chance(0.05) ? '' : german(balance),
        products,
        random.chance(0.03) ? '' : group,
        since,
        'Filialbank AG',
        random.pick(['Frau', 'Herr']),
        left ? 'ja' : 'nein',
      ];
    });
    const text = table(
      ['Kundennummer', 'Name', 'Guthaben', 'Produkte', 'Kundengruppe', 'Kunde seit', 'Institut', 'Anrede', 'Gekündigt'],
      rows,
      ';',
    );
    const { train, declared, mapping, rejected } = await walk(Buffer.from(text, 'latin1'));
    expect(rejected).toBe(0);
    expect(mapping).toContain('encoding: windows-1252');
    expect(mapping).toContain("numbers: '1.234,56'");
    expect(declared).toContain('#   Kunde seit: it is a date');
    expect(declared).toContain('#   Institut: it is the same for all');
    const { promoted, findings, metrics } = await train();
    expect(promoted).toBe(true);
    expect(findings.map(({ feature, found }) => [feature, found])).toEqual([
      ['guthaben', 'used'],
      ['produkte', 'used'],
      ['kundengruppe', 'used'],
    ]);
    expect(metrics.auc).toBeGreaterThan(0.7);
    expect(await scoreCustomers(em(), { kind: 'churn', now })).toMatchObject({ scored: 1500 });
    const [who] = await query<{ name: string }>(em(), `select name from customer where name like 'Jürgen%' limit 1`);
    expect(who?.name).toMatch(/^Jürgen (Müller|Weiß|Schäfer|Groß)$/);
  });

  it('a telephone company whose columns mean something only together', async () => {
    const rows = rowsOf(4000, 'phone', (random, index) => {
      const [minutes, data, area, roaming] = [random.next(), random.next(), random.pick(['A', 'B', 'C']), random.chance(0.5)];
      const together = minutes > 0.5 !== data > 0.5 ? 1 : -1;
      const left = random.chance(sigmoid(-1.2 + 1.6 * together + (roaming !== (area === 'A') ? 0.6 : -0.6)));
      return [
        `T-${index}`,
        (minutes * 600).toFixed(1),
        (data * 40).toFixed(2),
        area,
        roaming ? 'yes' : 'no',
        (random.next() * 100).toFixed(1),
        left ? 'yes' : 'no',
      ];
    });
    const { train } = await walk(table(['customer_id', 'minutes', 'data_gb', 'area', 'roaming', 'noise', 'churn'], rows));
    const { promoted, metrics } = await train();
    expect(promoted).toBe(true);
    expect(await family()).toMatch(/^boosting/);
    // Logistic regression finds next to nothing here.
    expect(metrics.auc).toBeGreaterThan(0.8);
  });

  it.each([
    ['12 rows', 12, 4, 'only 4 customers'],
    ['one class only', 400, 0, 'happened to nobody'],
    ['five to whom it happened', 400, 5, 'only 5 customers'],
  ])('too little to learn from is said when the score is declared, and when it is trained: %s', async (_, count, happened, warned) => {
    const rows = rowsOf(count, 'few', (random, index) => [
      index + 1,
      20 + random.below(50),
      random.pick(['Ulm', 'Bonn']),
      index < happened ? 'yes' : 'no',
    ]);
    const { train, declared } = await walk(table(['id', 'age', 'city', 'left'], rows));
    expect(declared).toMatch(new RegExp(`^# Look: .*${warned}`, 'm'));
    await expect(train()).rejects.toMatchObject({ kind: 'conflict', message: expect.stringMatching(/too little history/) as unknown });
  });

  it('names what gives the outcome away, and leaves out identifiers, dates, and what is the same for all or empty', async () => {
    const rows = rowsOf(900, 'disguise', (random, index) => {
      const usage = random.next() * 10;
      const left = random.chance(sigmoid(1.2 - 0.45 * usage));
      return [
        50_000 + index * 3,
        `u${index}@ex.test`,
        random.chance(0.2) ? '' : usage.toFixed(2),
        random.chance(0.1) ? '' : random.pick(['web', 'shop', 'phone']),
        `2024-${String(1 + random.below(12)).padStart(2, '0')}-${String(1 + random.below(28)).padStart(2, '0')}`,
        'EU',
        `REF-${random.below(10 ** 9)}`,
        left ? random.pick(['price', 'service']) : '',
        ((left ? 1000 : 0) + random.next() * 90).toFixed(1),
        left ? 'closed' : 'open',
        '',
        left ? 1 : 0,
      ];
    });
    const { train, declared, mapping } = await walk(
      table(
        [
          'customer_no',
          'email',
          'usage',
          'channel',
          'joined',
          'region',
          'reference',
          'leaving_reason',
          'final_bill',
          'account_state',
          'comment',
          'churned',
        ],
        rows,
      ),
    );
    // Three letters before a number are a currency only if there is such a currency.
    expect(mapping).toMatch(/^ignore: \[reference, comment\]$/m);
    expect(Object.keys(parseScoreDeclaration(declared).features)).toEqual(['usage', 'channel', 'final_bill']);
    expect(declared).toContain('#   leaving_reason: it is filled in only for those of one outcome');
    expect(declared).toContain('#   account_state: it says the same as the outcome');
    const { promoted, refusedFor } = await train();
    expect(promoted).toBe(false);
    expect(refusedFor.join()).toMatch(/^final_bill predicts the outcome nearly alone .* leave it out/);
    const corrected = parseScoreDeclaration(declared.replace(/^ +final_bill: .*\n/m, ''));
    expect(await trainScore(em(), { kind: 'churn', now, seed: 1, declaration: corrected })).toMatchObject({ promoted: true });
  });

  it('a score that is not churn, of customers with a category that nobody had before or without any value', async () => {
    const rows = rowsOf(1200, 'loans', (random, index) => {
      const income = Math.exp(8 + random.next() + random.next() - 1);
      const work = random.pick(['employed', 'self-employed', 'student']);
      const limit = 500 * (1 + random.below(10));
      const failed = random.chance(sigmoid(-1.5 - 1.5 * (Math.log(income) - 8) + (work === 'student' ? 1 : 0) + limit / 4000));
      return [`L${index}`, income.toFixed(2), work, limit, failed ? 'Y' : 'N'];
    });
    const head = ['client_number', 'income', 'employment', 'credit_limit', 'defaulted'];
    const { train } = await walk(table(head, rows));
    expect(await train()).toMatchObject({ promoted: true });
    const file = join(folder, 'new.csv');
    await writeFile(
      file,
      table(head, [
        ['N1', '3000.00', 'astronaut', 1000, ''],
        ['N2', '', '', '', ''],
      ]),
    );
    await importCustomers(em(), { path: file, mapping: join(folder, 'mine.yaml'), secret, now });
    expect(await scoreCustomers(em(), { kind: 'bad_debt', now })).toMatchObject({ scored: 1202 });
    const fresh = await query<{ value: number }>(
      em(),
      `select value from score join customer on id = customer_id where external_id in ('N1', 'N2')`,
    );
    expect(fresh).toHaveLength(2);
    for (const { value } of fresh) expect(value > 0.05 && value < 0.95).toBe(true);
  });
});
