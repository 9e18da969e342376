import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer } from '../../test/harness/factories.js';
import { recordEvents } from '../customers/record-events.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { createRandom } from '../platform/random.js';
import { parseScoreDeclaration } from './declaration.js';
import { scoredNow } from './features/population.js';
import { readFeatures } from './features/read-features.js';
import { findChampion } from './registry/champion.js';
import { sigmoid } from './model/linear/logistic.js';
import { scorePage } from './score-page.js';
import { trainScore } from './train-score.js';
import { readTrainingSet } from './training/training-set.js';

const dayMs = 86_400_000;
const now = new Date('2026-03-02T12:00:00Z');
const someone = newId();

let database: TestDatabase;
const em = () => database.orm.em.fork();

beforeAll(async () => {
  database = await createTestDatabase();
  const random = createRandom('people');
  const manager = em();
  for (let index = 0; index < 600; index++) {
    const [usage, plan] = [random.next() * 10, random.pick(['basic', 'plus', 'max'])];
    const left = random.chance(sigmoid((usage - 5) / 2 + (plan === 'basic' ? 1.5 : -0.5)));
    await makeCustomer(manager, {
      externalId: `p-${String(index)}`,
      attributes: {
        churned_before: left,
        ...(random.chance(0.9) ? { usage } : {}),
        ...(random.chance(0.9) ? { tier: plan } : {}),
        vip: random.chance(0.5),
      },
    });
  }
  await makeCustomer(manager, { id: someone, externalId: 'someone', attributes: {} });
});
afterAll(() => database.close());

const declare = (model: string) =>
  parseScoreDeclaration(`
score: churn
title: Leaving
target: churned_before
model: ${model}
features: { usage: { type: number }, tier: { type: category }, vip: { type: flag } }`);

/** What a customer may have: also words that nobody had before, values of another type, and none. */
const attributes = fc.record(
  {
    usage: fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom('much', null)),
    tier: fc.oneof(fc.constantFrom('basic', 'plus', 'max', 'gold', ''), fc.constantFrom(3, null)),
    vip: fc.oneof(fc.boolean(), fc.constantFrom('yes', null)),
  },
  { requiredKeys: [] },
);

describe.each(['logistic', 'boosting', 'blend'])('a model of family %s that was stored and read again', (model) => {
  it('explains the score of one customer: base, contributions and calibration add up to its log-odds', async () => {
    await query(em(), 'truncate score_model cascade');
    const { promoted } = await trainScore(em(), { kind: 'churn', now, seed: 'a', declaration: declare(model) });
    expect(promoted).toBe(true);
    const champion = await findChampion(em(), 'churn');
    if (champion === undefined) throw new Error('There is no champion');
    const { features, population } = champion.reads;
    await fc.assert(
      fc.asyncProperty(attributes, async (own) => {
        await query(em(), 'update customer set attributes = $2 where id = $1', [someone, JSON.stringify(own)]);
        const reading = { features: Object.entries(features), at: now, population: scoredNow(population), nextChange: false };
        const page = await readFeatures(em(), { ...reading, whom: { ids: [someone] } });
        const { values, scores } = scorePage(champion, page);
        const { base, contributions, remainder } = champion.scorer.reasons(page);
        const total = contributions.reduce((sum, each) => sum + each, base) + (remainder[0] ?? NaN);
        expect(Math.abs(sigmoid(total) - (values[0] ?? NaN))).toBeLessThan(1e-12);
        // With three features none is left out of the reasons that are stored, which are rounded.
        const stated = scores[0]?.reasons.reduce((sum, { contribution }) => sum + contribution, 0) ?? NaN;
        expect(Math.abs(stated - (total - base - (remainder[0] ?? NaN)))).toBeLessThan(0.001);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same when it is trained again with the same seed', async () => {
    await query(em(), 'truncate score_model cascade');
    for (let version = 0; version < 2; version++) await trainScore(em(), { kind: 'churn', now, seed: 'a', declaration: declare(model) });
    const trained = await query<{ parameters: object; figures: object }>(
      em(),
      'select parameters, figures from score_model order by version',
    );
    expect(trained).toHaveLength(2);
    expect(trained[1]).toEqual(trained[0]);
  });
});

describe('what is learnt from at a past date', () => {
  const declared = parseScoreDeclaration(`
score: upsell
title: More
target: { event: plan.upgraded, within: 30 days }
cuts: { every: 30 days, most: 1 }
features:
  usage: { type: number }
  tier: { type: category }
  vip: { type: flag }
  until_end: { days_until: contract_end }
  failures: { events: payment.failed, count: 90 days }
  paid: { events: payment.received, sum: amount, within: 90 days }
  last_use: { events: usage, since_last: true }
  trend: { events: usage, trend: true, within: 30 days, of: 90 days }`);
  const kinds = ['payment.failed', 'payment.received', 'usage'] as const;
  const learnt = async () => {
    const { training, validation, withoutHistory } = await readTrainingSet(em(), { declared, predecessor: {}, now });
    return { training, validation, withoutHistory };
  };
  const record = async (events: readonly { kind: string; daysAgo: number; amount: number }[]): Promise<void> => {
    await em().transactional((tx) =>
      recordEvents(
        tx,
        events.map(({ kind, daysAgo, amount }) => ({
          customerId: someone,
          kind,
          at: new Date(now.getTime() - daysAgo * dayMs),
          data: { amount },
          source: 'spec',
          sourceId: newId(),
        })),
        now,
      ),
    );
  };

  it('holds nothing that became known after it', async () => {
    await record([
      { kind: 'usage', daysAgo: 200, amount: 1 },
      { kind: 'usage', daysAgo: 50, amount: 1 },
      { kind: 'payment.received', daysAgo: 40, amount: 20 },
      { kind: 'plan.upgraded', daysAgo: 10, amount: 1 },
    ]);
    const before = await learnt();
    expect(before.withoutHistory).toEqual(['usage', 'tier', 'vip', 'until_end']);
    const later = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), daysAgo: fc.double({ noNaN: true, min: 0, max: 29.9 }), amount: fc.nat(100) }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(later, attributes, async (events, own) => {
        await record(events);
        await query(em(), 'update customer set attributes = $2 where id = $1', [someone, JSON.stringify(own)]);
        expect(await learnt()).toEqual(before);
      }),
      { numRuns: 15 },
    );
    // An earlier one does count, so the test can fail.
    await record([{ kind: 'payment.failed', daysAgo: 31, amount: 1 }]);
    expect(await learnt()).not.toEqual(before);
  });
});
