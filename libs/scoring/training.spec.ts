import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer, testNow } from '../../test/harness/factories.js';
import type { Customer } from '../customers/customer.entity.js';
import { recordEvents } from '../customers/record-events.js';
import { query } from '../persistence/sql.js';
import { createRandom, type Random } from '../platform/random.js';
import { parseScoreDeclaration, type ScoreDeclaration } from './declaration.js';
import { scoreCustomers } from './score-customers.js';
import { trainScore, type TrainingReport } from './train-score.js';

const now = new Date('2026-06-02T12:00:00Z');

let database: TestDatabase;
const em = () => database.orm.em.fork();
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await query(em(), 'truncate customer, score_model cascade');
});

const declare = (features: string): ScoreDeclaration =>
  parseScoreDeclaration(`{ score: churn, title: Leaving, target: churned_before, horizon_days: 30, l2: 1, features: ${features} }`);
const train = (features: string): Promise<TrainingReport> =>
  trainScore(em(), { kind: 'churn', now, seed: 1, declaration: declare(features) });

type Attributes = Customer['attributes'];

/** Customers of whom 30% churned before, with their own attributes. */
async function people(count: number, attributesOf: (churned: boolean, random: Random, index: number) => Attributes): Promise<void> {
  const random = createRandom('people');
  const manager = em();
  for (let index = 0; index < count; index++) {
    const churned = random.chance(0.3);
    await makeCustomer(manager, {
      externalId: `p-${index}`,
      attributes: { churned_before: churned, ...attributesOf(churned, random, index) },
    });
  }
}
const usage = (churned: boolean, random: Random): Attributes => ({ usage: random.next() * 10 + (churned ? 0 : 5) });

describe('the training data', () => {
  it('includes churned customers, whose contracts were ended by events', async () => {
    await people(400, usage);
    const before = await train('{ usage: { type: number } }');
    const churned = await query<{ id: string }>(em(), `select id from customer where attributes ->> 'churned_before' = 'true'`);
    await em().transactional((tx) =>
      recordEvents(
        tx,
        churned.map(({ id }) => ({ customerId: id, kind: 'contract.ended', at: testNow, data: {}, source: 'crm', sourceId: id })),
        now,
      ),
    );
    const after = await train('{ usage: { type: number } }');
    expect(after.metrics).toMatchObject({
      trainedOn: before.metrics.trainedOn,
      validatedOn: before.metrics.validatedOn,
      auc: before.metrics.auc,
    });
    const { scored } = await scoreCustomers(em(), { kind: 'churn', now });
    expect(scored).toBe(400 - churned.length);
  });

  it('counts customers as churned by an event, whatever the file said before, and as retained after the whole horizon', async () => {
    const random = createRandom('events');
    const manager = em();
    const churnedIds: string[] = [];
    for (let index = 0; index < 400; index++) {
      const churned = random.chance(0.3);
      const attributes = { ...usage(churned, random), ...(index % 2 === 0 ? { churned_before: false } : {}) };
      const { id } = await makeCustomer(manager, { externalId: `e-${index}`, attributes });
      if (churned) churnedIds.push(id);
    }
    await em().transactional((tx) =>
      recordEvents(
        tx,
        churnedIds.map((id) => ({ customerId: id, kind: 'contract.ended', at: testNow, data: {}, source: 'crm', sourceId: id })),
        now,
      ),
    );
    const trained = await train('{ usage: { type: number } }');
    expect(trained.metrics.trainedOn + trained.metrics.validatedOn).toBe(400);
    expect(trained).toMatchObject({ promoted: true, refusedFor: [] });
    // A customer since yesterday has not had time to churn.
    await makeCustomer(manager, { externalId: 'new', attributes: { usage: 1 }, createdAt: new Date('2026-06-01T12:00:00Z') });
    const again = await train('{ usage: { type: number } }');
    expect(again.metrics.trainedOn + again.metrics.validatedOn).toBe(400);
  });

  it('excludes customers who object', async () => {
    await people(300, usage);
    await query(em(), `update customer set objected_at = $1 where external_id in ('p-1', 'p-2', 'p-3')`, [testNow]);
    const { metrics } = await train('{ usage: { type: number } }');
    expect(metrics.trainedOn + metrics.validatedOn).toBe(297);
  });
});

describe('a model without predictive power', () => {
  it.each([
    ['a number without information', (_: boolean, random: Random) => ({ noise: random.next() }), '{ noise: { type: number } }'],
    [
      'a category without information',
      (_: boolean, random: Random) => ({ noise: random.pick(['a', 'b', 'c']) }),
      '{ noise: { type: category } }',
    ],
    ['a flag without information', (_: boolean, random: Random) => ({ noise: random.chance(0.5) }), '{ noise: { type: flag } }'],
  ] as const)('is not used, and its predecessor stays: %s', async (_, attributesOf, features) => {
    await people(400, (churned, random) => ({ ...usage(churned, random), ...attributesOf(churned, random) }));
    const good = await train('{ usage: { type: number } }');
    expect(good).toMatchObject({ promoted: true, refusedFor: [] });
    const chance = await train(features);
    expect(chance.promoted).toBe(false);
    expect(chance.refusedFor.join()).toMatch(/does not separate customers who churn|not clearly better|no better than the base rate/);
    const models = await query(em(), `select version, state, metrics -> 'refusedFor' <> '[]' as refused from score_model order by version`);
    expect(models).toEqual([
      { version: 1, state: 'champion', refused: false },
      { version: 2, state: 'candidate', refused: true },
    ]);
    expect(await scoreCustomers(em(), { kind: 'churn', now })).toMatchObject({ modelId: good.modelId });
  });

  it('is not used if it is the first one either: then nobody is scored', async () => {
    await people(400, (_, random) => ({ noise: random.next() }));
    expect(await train('{ noise: { type: number } }')).toMatchObject({ promoted: false, predecessor: null });
    await expect(scoreCustomers(em(), { kind: 'churn', now })).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('what training finds in the features', () => {
  it('is reported: missing, misspelled, of another type, the same for all, an identifier, a date', async () => {
    await people(300, (churned, random, index) => ({
      ...usage(churned, random),
      contract: random.pick(['monthly', 'yearly']),
      postcode: 10_000 + index,
      branch: 'Berlin',
      iban: `DE${index}`,
      vip: random.pick(['yes', 'no']),
      joined: `2024-${1 + (index % 12)}-01`,
    }));
    const { findings, promoted } = await train(
      '{ usage: { type: number }, contratc: { type: category }, postcode: { type: category }, branch: { type: category }, iban: { type: category }, joined: { type: category }, vip: { type: flag }, balance: { type: number } }',
    );
    expect(promoted).toBe(true);
    expect(Object.fromEntries(findings.map(({ feature, found }) => [feature, found]))).toEqual({
      usage: 'used',
      contratc: 'missing',
      postcode: 'other-type',
      branch: 'constant',
      iban: 'identifier',
      joined: 'date',
      vip: 'other-type',
      balance: 'missing',
    });
    const said = Object.fromEntries(findings.map(({ feature, what }) => [feature, what]));
    expect(said['contratc']).toBe('no customer has it, so the model is trained without it; did you mean contract?');
    expect(said['balance']).toMatch(/^no customer has it, so the model is trained without it; they have churned_before, contract/);
    expect(said['postcode']).toBe('is declared as category, and customers have a number there');
    expect(said['vip']).toBe('is declared as flag, and customers have text there');
  });

  it('ends the training if no feature remains', async () => {
    await people(200, usage);
    await expect(train('{ typo: { type: number }, plan: { type: number } }')).rejects.toMatchObject({
      kind: 'conflict',
      places: [{ where: 'typo' }, { where: 'plan' }],
    });
  });

  it.each([
    ['a number', (churned: boolean) => ({ disguise: churned ? 1 : 2 }), '{ type: number }'],
    ['a category', (churned: boolean) => ({ disguise: churned ? 'closed' : 'open' }), '{ type: category }'],
    ['a flag', (churned: boolean) => ({ disguise: churned }), '{ type: flag }'],
    [
      'a feature that only churned customers have',
      (churned: boolean): Attributes => (churned ? { disguise: 'price' } : {}),
      '{ type: category }',
    ],
  ])('is named and refused if it reveals the outcome, unless it is declared as known before: %s', async (_, disguise, type) => {
    await people(300, (churned, random) => ({ ...usage(churned, random), ...disguise(churned) }));
    const leak = await train(`{ usage: { type: number }, disguise: ${type} }`);
    expect(leak.promoted).toBe(false);
    expect(leak.refusedFor.join()).toMatch(/^disguise predicts the outcome nearly alone/);
    expect(leak.findings.find(({ feature }) => feature === 'disguise')?.found).toBe('suspicious');
    const trained = await train(`{ usage: { type: number }, disguise: ${type.replace(' }', ', known_before: true }')} }`);
    expect(trained.promoted).toBe(true);
    expect(trained.findings.find(({ feature }) => feature === 'disguise')?.found).not.toBe('suspicious');
  });

  it('is named also if two columns reveal the outcome together', async () => {
    await people(400, (churned, random) => {
      const [low, high] = [random.next() * 100, random.next() * 100];
      return { before: low, after: churned ? low + high * 0.01 + 20 : low - high * 0.01 - 20 };
    });
    const leak = await train('{ before: { type: number }, after: { type: number } }');
    expect(leak.promoted).toBe(false);
    expect(leak.refusedFor.join()).toMatch(/too good to be true; look at/);
  });
});
