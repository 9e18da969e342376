import { publishedContent } from '../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { importCustomers } from '../ingestion/import/import-customers.js';
import { query } from '../persistence/sql.js';
import { projectFile } from '../platform/project-file.js';
import { newId } from '../platform/ids.js';
import { parseScoreDeclaration, readScoreDeclaration } from './declaration.js';
import { publishedDeclaration } from './scores-content.js';
import { recordScores } from '../scores/record-scores.js';
import { scoreCustomers } from './score-customers.js';
import { trainScore } from './train-score.js';
import { isInValidationSet } from './training/validation-set.js';

const now = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-02T10:00:00Z');

interface ScoreRow {
  customer_id: string;
  value: number;
  previous: number | null;
  model_id: string | null;
  reasons: { feature: string; contribution: number }[];
  scored_at: Date;
}

let database: TestDatabase;
const em = () => database.orm.em.fork();
const declaredChurn = readScoreDeclaration(projectFile('config', 'scores', 'churn.yaml'));
const scoreOf = async (externalId: string): Promise<ScoreRow | undefined> =>
  (
    await query<ScoreRow>(em(), `select score.* from score join customer on customer.id = customer_id where external_id = $1`, [externalId])
  )[0];
const idOf = async (externalId: string): Promise<string> =>
  (await query<{ id: string }>(em(), `select id from customer where external_id = $1`, [externalId]))[0]?.id ?? '';

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('a score that is not declared', () => {
  it('is not trained', async () => {
    await expect(trainScore(em(), { kind: 'influence', now, seed: 1 })).rejects.toThrow(/not declared/);
  });

  it('is trained as soon as its declaration is published', async () => {
    await publishedContent(em);
    expect((await publishedDeclaration(em(), 'churn')).target).toBe((await declaredChurn).target);
  });
});

describe('a score that is an amount', () => {
  it('is not trained as a likelihood', async () => {
    const declaration = parseScoreDeclaration('{ score: clv, title: Value, target: worth, features: { tenure: { type: number } } }');
    await expect(trainScore(em(), { kind: 'clv', now, seed: 1, declaration })).rejects.toMatchObject({
      kind: 'conflict',
      message: 'clv is an amount, and training learns likelihoods',
    });
  });
});

describe('without history', () => {
  it('nothing is trained and nobody is scored', async () => {
    await expect(trainScore(em(), { kind: 'churn', now, seed: 1, declaration: await declaredChurn })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(scoreCustomers(em(), { kind: 'churn', now })).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('with the history of 7,043 customers', () => {
  beforeAll(async () => {
    await importCustomers(em(), {
      path: projectFile('data', 'telco-churn.csv.gz'),
      mapping: projectFile('config', 'imports', 'telco.yaml'),
      now,
    });
  });

  it('always validates on the same fifth, and trains a model that predicts and is calibrated', async () => {
    const validated = Array.from({ length: 7043 }, (_, index) => isInValidationSet('churn', `telco-${index + 1}`)).filter(Boolean).length;
    const first = await trainScore(em(), { kind: 'churn', now, seed: 1, declaration: await declaredChurn });
    expect(first).toMatchObject({ version: 1, predecessor: null, promoted: true });
    expect(first.metrics).toMatchObject({ validatedOn: validated, trainedOn: 7043 - validated });
    expect(validated / 7043).toBeCloseTo(0.2, 1);
    expect(first.metrics.auc).toBeGreaterThan(0.82);
    expect(first.metrics.logLoss).toBeLessThan(0.44);
    expect(first.metrics.ece).toBeLessThan(0.04);
  });

  it('keeps the champion if a successor predicts worse, and reports by how much', async () => {
    const declared = await declaredChurn;
    const worse = await trainScore(em(), {
      kind: 'churn',
      now,
      seed: 1,
      declaration: { ...declared, features: { partner: { type: 'flag' } } },
    });
    expect(worse).toMatchObject({ version: 2, promoted: false, predecessor: { version: 1 } });
    expect(worse.metrics.logLoss).toBeGreaterThan(worse.predecessor?.metrics?.logLoss ?? 1);
    const models = await query(em(), `select version, state, predecessor_metrics is null as first from score_model order by version`);
    expect(models).toEqual([
      { version: 1, state: 'champion', first: true },
      { version: 2, state: 'challenger', first: false },
    ]);
  });

  it('scores one customer in the same way as all', async () => {
    const all = await scoreCustomers(em(), { kind: 'churn', now });
    expect(all.scored).toBe(7043);
    const before = await scoreOf('telco-17');
    const one = await scoreCustomers(em(), { kind: 'churn', customerIds: [await idOf('telco-17')], now: later });
    expect(one).toEqual({ modelId: all.modelId, scored: 1 });
    expect(await scoreOf('telco-17')).toEqual({ ...before, previous: before?.value, scored_at: later });
    expect(before?.reasons.length).toBe(4);
    expect(await scoreOf('telco-18')).toMatchObject({ previous: null, scored_at: now });
  });

  it('uses changed data: a customer with a long contract is more likely to stay', async () => {
    const before = await scoreOf('telco-3');
    await query(em(), `update customer set attributes = attributes || '{"contract":"two-year"}' where external_id = 'telco-3'`);
    await scoreCustomers(em(), { kind: 'churn', customerIds: [await idOf('telco-3')], now: later });
    const after = await scoreOf('telco-3');
    expect(after?.previous).toBe(before?.value);
    expect(after?.value).toBeLessThan(before?.value ?? 0);
  });

  it('skips customers who churned or object', async () => {
    await query(em(), `update customer set status = 'churned', churned_at = $1 where external_id = 'telco-4'`, [now]);
    await query(em(), `update customer set objected_at = $1 where external_id = 'telco-5'`, [now]);
    const ids = [await idOf('telco-4'), await idOf('telco-5')];
    expect(await scoreCustomers(em(), { kind: 'churn', customerIds: ids, now: later })).toMatchObject({ scored: 0 });
    const external = ids.map((customerId) => ({ customerId, kind: 'churn' as const, value: 0.9 }));
    expect(await recordScores(em(), external, later)).toEqual({ stored: [], unknown: [] });
    expect((await scoreOf('telco-4'))?.scored_at).toEqual(now);
  });

  it('retires the champion for a successor that is no worse', async () => {
    const next = await trainScore(em(), { kind: 'churn', now: later, seed: 2, declaration: await declaredChurn });
    expect(next).toMatchObject({ version: 3, promoted: true, predecessor: { version: 1 } });
    const models = await query(em(), `select version, state from score_model order by version`);
    expect(models).toEqual([
      { version: 1, state: 'retired' },
      { version: 2, state: 'challenger' },
      { version: 3, state: 'champion' },
    ]);
  });

  it('trains one at a time, each a version of its own', async () => {
    const both = await Promise.all(
      [3, 4].map(async (seed) => trainScore(em(), { kind: 'churn', now: later, seed, declaration: await declaredChurn })),
    );
    expect(both.map((each) => each.version).sort()).toEqual([4, 5]);
    expect(await query(em(), `select from score_model where state = 'champion'`)).toHaveLength(1);
  });

  it('accepts scores of other systems, the last of several', async () => {
    const customerId = await idOf('telco-8');
    const reason = { feature: 'usage', value: 'falling', contribution: 1.2 };
    const stranger = newId();
    const recorded = await recordScores(
      em(),
      [
        { customerId, kind: 'clv', value: 1 },
        { customerId, kind: 'clv', value: 830.5, reasons: [reason] },
        { customerId: stranger, kind: 'clv', value: 1 },
      ],
      later,
    );
    expect(recorded).toEqual({ stored: [customerId], unknown: [stranger] });
    const [row] = await query<ScoreRow>(em(), `select * from score where customer_id = $1 and kind = 'clv'`, [customerId]);
    expect(row).toMatchObject({ value: 830.5, previous: null, model_id: null, reasons: [reason] });
  });

  it('refuses a batch with invalid scores as a whole', async () => {
    const customerId = await idOf('telco-9');
    const act = recordScores(
      em(),
      [
        { customerId, kind: 'upsell', value: 0.5 },
        { customerId, kind: 'churn', value: 1.5 },
      ],
      later,
    );
    await expect(act).rejects.toMatchObject({ kind: 'invalid', places: [{ where: '1.value', what: 'is a likelihood, from 0 to 1' }] });
    expect(await query(em(), `select from score where customer_id = $1 and kind = 'upsell'`, [customerId])).toEqual([]);
  });
});
