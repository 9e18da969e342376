import { publishedContent } from '../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer } from '../../test/harness/factories.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { parseScoreDeclaration } from './declaration.js';
import { explainScore } from './explain-score.js';
import { scoreCustomers } from './score-customers.js';
import { sweepAll } from './sweep/sweep-all.js';
import { trainScore } from './train-score.js';

const now = new Date('2026-03-02T10:00:00Z');
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const declaration = parseScoreDeclaration(
  '{ score: influence, title: I, model: pagerank, ties: { referral: { events: referral.made, to: to }, household: { attribute: household } } }',
);

let db: TestDatabase;
const em = () => db.orm.em.fork();
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());
beforeEach(() => query(em(), 'truncate customer, score_model, domain_event cascade'));

async function refer(from: { id: string }, to: { externalId: string }, at = now): Promise<void> {
  await query(
    em(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     values (uuidv7(), $1, 'referral.made', $2, jsonb_build_object('to', $3::text), 'test', $4, $2)`,
    [from.id, at, to.externalId, newId()],
  );
}

async function customers(count: number) {
  const made = [];
  for (let index = 0; index < count; index++) made.push(await makeCustomer(em(), { externalId: `c${index}` }));
  return made;
}

interface Row {
  readonly external: string;
  readonly value: number;
  readonly reasons: readonly { readonly feature: string; readonly value: unknown; readonly contribution: number }[];
}
const scores = async (): Promise<Map<string, Row>> => {
  const rows = await query<Row>(
    em(),
    `select c.external_id as external, s.value, s.reasons from score s join customer c on c.id = s.customer_id where s.kind = 'influence'`,
  );
  return new Map(rows.map((row) => [row.external, row]));
};

/** Each refers the next; the first also lives with the last. */
async function chain(count: number) {
  const made = await customers(count);
  for (const [index, from] of made.slice(0, -1).entries()) {
    const to = made[index + 1];
    if (to !== undefined) await refer(from, to);
  }
  await query(em(), `update customer set attributes = attributes || '{"household": "h1"}' where external_id in ('c0', $1)`, [
    `c${count - 1}`,
  ]);
  return made;
}

it('a company without ties learns what is missing, with the shipped declaration', async () => {
  await publishedContent(em);
  await customers(3);
  await expect(trainScore(em(), { kind: 'influence', now, seed: 1 })).rejects.toMatchObject({
    kind: 'conflict',
    places: [
      { where: 'ties.referral', what: 'no event referral.made names another customer under to, by their number' },
      { where: 'ties.household', what: 'no two customers have the same household, or too many do' },
    ],
  });
});

it('everybody is scored at once; who was referred makes who referred matter, and the average is 1', async () => {
  await chain(14);
  const { promoted, metrics } = await trainScore(em(), { kind: 'influence', now, seed: 1, declaration });
  expect(promoted).toBe(true);
  expect(metrics.network).toEqual({ customers: 14, tied: 14, ties: 14 });
  expect(await sweepAll(em(), { kind: 'influence', now })).toMatchObject({ scored: 14, changed: 14 });
  const all = await scores();
  const values = [...all.values()].map(({ value }) => value);
  expect(values.reduce((sum, value) => sum + value, 0) / 14).toBeCloseTo(1, 6);
  expect(Math.max(...values)).toBe(all.get('c0')?.value);
  expect(all.get('c0')?.reasons.map(({ feature, value }) => [feature, value])).toEqual([
    ['referral', 1],
    ['household', 1],
  ]);
});

it('reasons add up to the score less what everybody has', async () => {
  const made = await chain(14);
  await trainScore(em(), { kind: 'influence', now, seed: 1, declaration });
  await sweepAll(em(), { kind: 'influence', now });
  const rest = [...(await scores()).values()].map(
    ({ value, reasons }) => value - reasons.reduce((sum, { contribution }) => sum + contribution, 0),
  );
  for (const each of rest) expect(each).toBeCloseTo(rest[0] ?? NaN, 3);
  expect(rest[0]).toBeGreaterThan(0);
  const explained = await explainScore(em(), { kind: 'influence', customerId: made[0]?.id ?? '', fields: [], now });
  expect(explained).toMatchObject({ scale: 'amount', value: (await scores()).get('c0')?.value, total: explained.value });
  expect(explained.base).toBeCloseTo(rest[0] ?? NaN, 3);
  expect(explained.contributions.map(({ title }) => title)).toEqual(['referral', 'household']);
});

it('a second sweep writes nothing, and one after another referral what it moved', async () => {
  const made = await chain(14);
  await trainScore(em(), { kind: 'influence', now, seed: 1, declaration });
  await sweepAll(em(), { kind: 'influence', now });
  expect(await sweepAll(em(), { kind: 'influence', now: later(1) })).toMatchObject({ scored: 14, changed: 0 });
  const written = `select count(*)::int as count from score where scored_at > $1`;
  expect(await query(em(), written, [now])).toEqual([{ count: 0 }]);
  const [first, , , fourth] = made;
  if (first === undefined || fourth === undefined) throw new Error('no customers');
  await refer(fourth, first, later(1));
  const { changed } = await sweepAll(em(), { kind: 'influence', now: later(2) });
  expect(changed).toBeGreaterThan(5);
});

it('who left is not scored and gives nothing; those tied to them have it among their reasons', async () => {
  const made = await chain(14);
  await query(em(), `update customer set status = 'churned', churned_at = $1 where external_id = 'c1'`, [later(-10)]);
  await query(em(), `update customer set objected_at = $1 where external_id = 'c5'`, [later(-10)]);
  await trainScore(em(), { kind: 'influence', now, seed: 1, declaration });
  await sweepAll(em(), { kind: 'influence', now });
  const all = await scores();
  expect(all.size).toBe(12);
  expect(all.has('c1') || all.has('c5')).toBe(false);
  const exposed = [...all.values()].filter(({ reasons }) => reasons.some(({ feature }) => feature === 'exposure_to_churn'));
  expect(exposed.map(({ external }) => external).sort()).toEqual(['c0', 'c2']);
  expect(made).toHaveLength(14);
});

it('an event of one customer does not score them alone: all scores depend on each other', async () => {
  const made = await chain(14);
  await trainScore(em(), { kind: 'influence', now, seed: 1, declaration });
  expect(await scoreCustomers(em(), { kind: 'influence', customerIds: [made[0]?.id ?? ''], now })).toMatchObject({ scored: 0 });
  expect((await scores()).size).toBe(0);
  expect(await scoreCustomers(em(), { kind: 'influence', now })).toMatchObject({ scored: 14 });
  expect((await scores()).size).toBe(14);
});

it('a value that half of the customers share is no household', async () => {
  await customers(30);
  await query(em(), `update customer set attributes = attributes || '{"household": "none"}'`);
  await expect(trainScore(em(), { kind: 'influence', now, seed: 1, declaration })).rejects.toMatchObject({ kind: 'conflict' });
});
