import { publishedContent } from '../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { importCustomers } from '../ingestion/import/import-customers.js';
import { query } from '../persistence/sql.js';
import { projectFile } from '../platform/project-file.js';
import { parseScoreDeclaration, readScoreDeclaration } from './declaration.js';
import { scoredNow } from './features/population.js';
import { readFeatures } from './features/read-features.js';
import { findChampion } from './registry/champion.js';
import { sweepAll } from './sweep/sweep-all.js';
import { trainScore } from './train-score.js';

const now = new Date('2026-03-01T10:00:00Z');
let database: TestDatabase;
const em = () => database.orm.em.fork();
const shipped = readScoreDeclaration(projectFile('config', 'scores', 'clv.yaml'));
const train = async () => trainScore(em(), { kind: 'clv', now, seed: 1, declaration: await shipped });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

it('a company without contracts learns what is missing, with the shipped declaration', async () => {
  await publishedContent(em);
  await expect(trainScore(em(), { kind: 'clv', now, seed: 1 })).rejects.toMatchObject({
    kind: 'conflict',
    places: [{ where: 'tenure' }, { where: 'monthly_charge' }, { where: 'churned_before' }],
  });
});

describe('the value of the customers of a telephone company', () => {
  beforeAll(async () => {
    await importCustomers(em(), {
      path: projectFile('data', 'telco-churn.csv.gz'),
      mapping: projectFile('config', 'imports', 'telco.yaml'),
      now,
    });
  });

  it('is learnt from who left and when, and measured on others', async () => {
    const { metrics, promoted, refusedFor } = await train();
    expect({ promoted, refusedFor }).toEqual({ promoted: true, refusedFor: [] });
    expect(metrics.amount).toMatchObject({ unit: 'months' });
    expect(metrics.amount?.rankCorrelation).toBeGreaterThan(0.5);
    expect(metrics.amount?.calibrationError).toBeLessThan(0.07);
    expect(metrics.validatedOn).toBeGreaterThan(1_200);
  });

  it('is in minor units, at most what they pay in the time ahead, and lower for who leaves more often', async () => {
    await sweepAll(em(), { kind: 'clv', now });
    const rows = await query<{ value: number; charge: number; contract: string }>(
      em(),
      `select s.value, c.monthly_charge::float8 as charge, c.attributes ->> 'contract' as contract from score s join customer c on c.id = s.customer_id where s.kind = 'clv'`,
    );
    expect(rows.length).toBeGreaterThan(7_000);
    expect(rows.every(({ value, charge }) => Number.isInteger(value) && value > 0 && value <= 36 * 0.3 * charge)).toBe(true);
    const months = (wanted: string): number => {
      const own = rows.filter(({ contract }) => contract === wanted);
      return own.reduce((sum, { value, charge }) => sum + value / charge / 0.3, 0) / own.length;
    };
    expect(months('two-year')).toBeGreaterThan(months('month-to-month') + 3);
  });

  it('has reasons that add up to it, in each currency', async () => {
    await query(em(), `update customer set currency = 'JPY' where external_id in ('telco-3', 'telco-4')`);
    const champion = await findChampion(em(), 'clv');
    if (champion === undefined) throw new Error('not trained');
    const page = await readFeatures(em(), {
      features: Object.entries(champion.reads.features),
      at: now,
      population: scoredNow(champion.reads.population),
      whom: { after: null, upTo: null, most: 300 },
      nextChange: false,
    });
    const values = champion.scorer.values(page);
    const { columns, base, contributions, remainder } = champion.scorer.reasons(page);
    expect(columns.slice(0, 2)).toEqual(['monthly_charge', 'tenure']);
    values.forEach((value, row) => {
      const own = contributions.slice(row * columns.length, (row + 1) * columns.length);
      const sum = own.reduce((total, each) => total + each, 0);
      expect(base + sum + (remainder[row] ?? NaN)).toBeCloseTo(value, 6);
      // Nothing but rounding is left over for the currency that most have.
      const isYen = page.columns.some(
        (column) => column.type === 'category' && column.name === 'currency' && column.words[column.codes[row] ?? -1] === 'JPY',
      );
      if (!isYen) expect(Math.abs(remainder[row] ?? NaN)).toBeLessThanOrEqual(0.51);
    });
  });

  it('is not known of who has no charge: they keep no score', async () => {
    await query(em(), `update customer set monthly_charge = null, currency = null where external_id = 'telco-9'`);
    await query(em(), `delete from score where kind = 'clv'`);
    await sweepAll(em(), { kind: 'clv', now: new Date(now.getTime() + 1000) });
    const [without] = await query<{ count: number }>(
      em(),
      `select count(*)::int as count from score s join customer c on c.id = s.customer_id where c.external_id = 'telco-9' and s.kind = 'clv'`,
    );
    expect(without?.count).toBe(0);
  });

  it('is not learnt with tenure as a feature, which is the time that the model counts', async () => {
    const declaration = parseScoreDeclaration(
      '{ score: clv, title: V, model: hazard, target: churned_before, value: { margin: 0.3 }, features: { tenure: { type: number } } }',
    );
    await expect(trainScore(em(), { kind: 'clv', now, seed: 1, declaration })).rejects.toMatchObject({
      places: [{ where: 'features.tenure' }],
    });
  });
});
