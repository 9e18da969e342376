import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { createRandom } from '../platform/random.js';
import { makeCustomer } from '../../test/harness/factories.js';
import { parseScoreDeclaration } from './declaration.js';
import { explainScore } from './explain-score.js';
import { scoredNow } from './features/population.js';
import { readFeatures, type FeaturePage } from './features/read-features.js';
import { historiesOf, purchaseFeatures } from './lifetime/purchases-form.js';
import { purchaseHistories } from './lifetime/purchase-histories.js';
import { findChampion } from './registry/champion.js';
import { sweepAll } from './sweep/sweep-all.js';
import { trainScore } from './train-score.js';

const now = new Date('2026-03-02T00:00:00Z');
const dayMs = 86_400_000;
const days = 500;
const declaration = parseScoreDeclaration(`
score: clv
title: Value
model: pareto-nbd
purchases: { events: order.paid, amount: total }
value: { margin: 0.5, months: 12 }
`);

let db: TestDatabase;
const em = () => db.orm.em.fork();
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

interface Purchase {
  readonly customer: number;
  /** From the first day on; before noon and after it. */
  readonly day: number;
  readonly amount: number;
}

/** Customers who buy every 10 to 60 days until they stop, each around an amount of their own. */
function purchases(count: number): Purchase[] {
  const random = createRandom('purchases');
  return Array.from({ length: count }, (_, customer) => {
    const rate = 1 / (10 + random.below(50));
    const stops = 1 / (50 + random.below(800));
    const usual = 10 + random.below(90);
    const own: Purchase[] = [];
    for (let day = random.below(200), first = true; day < days; day++, first = false) {
      if (first || random.chance(rate)) own.push({ customer, day, amount: usual + random.below(20) - 10 });
      if (random.chance(stops)) break;
    }
    return own;
  }).flat();
}

async function happen(ids: readonly string[], made: readonly Purchase[]): Promise<void> {
  await query(
    em(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     select uuidv7(), customer, 'order.paid', at, jsonb_build_object('total', amount), 'test', source, at
     from unnest($1::uuid[], $2::timestamptz[], $3::numeric[], $4::text[]) as given (customer, at, amount, source)`,
    [
      made.map(({ customer }) => ids[customer]),
      made.map(({ day }, index) => new Date(now.getTime() - (days - day) * dayMs + ((index % 3) + 1) * 7_200_000)),
      made.map(({ amount }) => amount),
      made.map(() => newId()),
    ],
  );
}

const read = (at: Date): Promise<FeaturePage> =>
  readFeatures(em(), {
    features: Object.entries(purchaseFeatures({ events: 'order.paid', amount: 'total' })),
    at,
    population: scoredNow(undefined),
    whom: { after: null, upTo: null, most: 5_000 },
    nextChange: true,
  });

it('without purchases it is said what is missing', async () => {
  await expect(trainScore(em(), { kind: 'clv', now, seed: 1, declaration })).rejects.toMatchObject({
    kind: 'conflict',
    places: [{ where: 'purchases', what: expect.stringContaining('no event order.paid was recorded') as string }],
  });
});

describe('the value of customers who buy without a contract', () => {
  const made = [...purchases(600), { customer: 0, day: 499, amount: 5 }, { customer: 0, day: 499, amount: 7 }];
  const ids: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 605; index++) ids.push((await makeCustomer(em(), {})).id);
    ids.sort();
    await happen(ids, made);
  });

  it('is read from the same histories in SQL as in memory, but for whole weeks', async () => {
    const page = await read(now);
    const histories = historiesOf(page);
    const expected = purchaseHistories(
      {
        customer: Uint32Array.from(made, ({ customer }) => customer),
        day: Int32Array.from(made, ({ day }) => day),
        amount: Float64Array.from(made, ({ amount }) => amount),
      },
      600,
      days,
      7,
    );
    for (let customer = 0; customer < 600; customer++) {
      expect(histories.frequency[customer]).toBe(expected.frequency[customer]);
      expect(histories.meanAmount[customer]).toBeCloseTo(expected.meanAmount[customer] ?? NaN, 9);
      expect(Math.abs((histories.age[customer] ?? NaN) - (expected.age[customer] ?? NaN))).toBeLessThanOrEqual(1.01);
      expect(Math.abs((histories.recency[customer] ?? NaN) - (expected.recency[customer] ?? NaN))).toBeLessThanOrEqual(1.01);
    }
    // Who has bought nothing has no history.
    expect([...histories.frequency.slice(600)]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    // The next whole week of somebody's history begins within a week.
    expect(page.nextChangeAt[0]).toBeGreaterThan(now.getTime());
    expect(page.nextChangeAt[0]).toBeLessThanOrEqual(now.getTime() + 7 * dayMs);
  });

  it('is learnt, and measured on the last third of the history', async () => {
    const { metrics, refusedFor, promoted } = await trainScore(em(), { kind: 'clv', now, seed: 1, declaration });
    expect({ refusedFor, promoted }).toEqual({ refusedFor: [], promoted: true });
    expect(metrics.amount?.rankCorrelation).toBeGreaterThan(0.4);
    expect(metrics.amount?.calibrationError).toBeLessThan(0.25);
    expect(metrics.amount?.meanError).toBeLessThan(metrics.amount?.naiveError ?? 0);
  });

  it('is written for those who bought, and for nobody else', async () => {
    await sweepAll(em(), { kind: 'clv', now });
    const scored = await query<{ id: string }>(em(), `select customer_id as id from score where kind = 'clv' order by 1`);
    expect(scored.map(({ id }) => id)).toEqual(ids.slice(0, 600));
  });

  it('is not there to explain for who has bought nothing', async () => {
    const explained = (customerId = ''): Promise<unknown> => explainScore(em(), { kind: 'clv', customerId, fields: [], now });
    await expect(explained(ids[604])).rejects.toMatchObject({ kind: 'conflict' });
    await expect(explained(ids[0])).resolves.toMatchObject({ scale: 'amount' });
  });

  it('has reasons that add up to it', async () => {
    const champion = await findChampion(em(), 'clv');
    if (champion === undefined) throw new Error('not trained');
    const page = await read(now);
    const values = champion.scorer.values(page);
    const { columns, base, contributions, remainder } = champion.scorer.reasons(page);
    for (let row = 0; row < 600; row++) {
      const sum = contributions.slice(row * columns.length, (row + 1) * columns.length).reduce((total, each) => total + each, 0);
      expect(base + sum + (remainder[row] ?? NaN)).toBeCloseTo(values[row] ?? NaN, 6);
      expect(Math.abs(remainder[row] ?? NaN)).toBeLessThanOrEqual(0.51);
    }
  });
});
