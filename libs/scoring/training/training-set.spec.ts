import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { makeCustomer } from '../../../test/harness/factories.js';
import { recordEvents } from '../../customers/record-events.js';
import { query } from '../../persistence/sql.js';
import { parseScoreDeclaration, type ScoreDeclaration } from '../declaration.js';
import { toFeatureRows } from '../features/feature-rows.js';
import type { LabelledRows } from './labelled-rows.js';
import { readTrainingSet, type TrainingSet } from './training-set.js';

const dayMs = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');
const day = (ago: number): Date => new Date(now.getTime() - ago * dayMs);

let database: TestDatabase;
const em = () => database.orm.em.fork();
beforeAll(async () => (database = await createTestDatabase(2)));
afterAll(() => database.close());
beforeEach(async () => {
  await query(em(), 'truncate customer cascade');
});

const declare = (more: string): ScoreDeclaration => parseScoreDeclaration(`{ score: churn, title: Leaving, ${more} }`);
const read = (declared: ScoreDeclaration): Promise<TrainingSet> => readTrainingSet(em(), { declared, predecessor: {}, now });

/** A customer of long standing with events, by how many days ago they were. */
async function customer(externalId: string, events: readonly (readonly [kind: string, ago: number])[], more: object = {}): Promise<void> {
  const { id } = await makeCustomer(em(), { externalId, createdAt: day(1_000), updatedAt: now, tenure: null, ...more });
  await em().transactional((tx) =>
    recordEvents(
      tx,
      events.map(([kind, ago], index) => ({
        customerId: id,
        kind,
        at: day(ago),
        data: { amount: 10 },
        source: 'test',
        sourceId: `${externalId}-${index}`,
      })),
      now,
    ),
  );
}

const labelled = ({ features }: TrainingSet, rows: LabelledRows): readonly (readonly [label: number, row: object])[] =>
  toFeatureRows(features, rows).map((row, index) => [rows.labels[index] ?? NaN, row]);

const leaving = `target: { event: contract.ended, within: 30 days }, cuts: { every: 30 days, most: 3 }`;

describe('rows at past cuts', () => {
  it('say what was known at each cut, and what happened within the horizon after it', async () => {
    await customer('first', [['usage', 400]]);
    // Ended 45 days ago: was there at the cuts of 90 and 60 days ago, and left within the horizon of the latter.
    await customer('left', [
      ['usage', 70],
      ['usage', 50],
      ['contract.ended', 45],
    ]);
    const set = await read(declare(`${leaving}, features: { usage_30: { events: usage, count: 30 days } }`));
    expect(set.cuts).toEqual([day(30), day(60), day(90)]);
    expect(set.validatedLater).toBe(true);
    expect(labelled(set, set.validation)).toEqual([[0, { usage_30: 0 }]]);
    expect(labelled(set, set.training)).toEqual([
      [0, { usage_30: 0 }],
      [1, { usage_30: 1 }],
      [0, { usage_30: 0 }],
      [0, { usage_30: 0 }],
    ]);
  });

  it('hold nobody who was no customer then: they had left, or had not come yet', async () => {
    await customer('first', [['usage', 400]]);
    await customer('new', [['usage', 20]], { createdAt: day(20) });
    await customer('returned', [
      ['contract.ended', 200],
      ['contract.renewed', 40],
    ]);
    await customer('gone', [], { status: 'churned', churnedAt: day(70) });
    await customer('imported', [], { createdAt: day(5), tenure: 24 });
    const set = await read(declare(`${leaving}, features: { usage: { events: usage, since_last: true } }`));
    // Of the first and of who was imported with two years behind them; at the latest cut also of who had returned; at the first of who left later.
    expect(set.validation.rows).toBe(3);
    expect(set.training.rows).toBe(2 + 3);
  });

  it('hold only the population, by the status that its customers had then', async () => {
    await customer('first', [['usage', 400]]);
    await customer('left', [['contract.ended', 45]]);
    await customer('objects', [], { objectedAt: day(1) });
    await customer('other', [], { attributes: { contract: 'two-year' } });
    const set = await read(
      declare(
        `${leaving}, population: 'customer.status == "active" && customer.contract == "month-to-month"', features: { usage: { events: usage, count: 30 days } }`,
      ),
    );
    expect([...set.validation.labels]).toEqual([0]);
    expect([...set.training.labels].sort()).toEqual([0, 0, 0, 1]);
  });

  it('leave out features without a history, unless somebody says that they were so then', async () => {
    await customer('first', [['usage', 400]], { attributes: { branch: 'north', size: 3, segment: 'a' } });
    const set = await read(
      declare(
        `${leaving}, features: { branch: { type: category }, size: { type: number, fixed: true }, segment: { type: category, known_before: true }, usage: { events: usage, since_first: true }, end: { days_until: contract_end } }`,
      ),
    );
    expect(set.withoutHistory).toEqual(['branch', 'end']);
    expect(labelled(set, set.validation)).toEqual([[0, { size: 3, segment: 'a', usage: 360 }]]);
    const nothing = read(declare(`${leaving}, features: { branch: { type: category } }`));
    await expect(nothing).rejects.toMatchObject({ kind: 'conflict', places: [{ where: 'branch' }] });
  });

  it('add up what a value comes to', async () => {
    await customer('first', [['usage', 400]]);
    await customer('pays', [
      ['payment.received', 29],
      ['payment.received', 10],
      ['payment.received', 45],
    ]);
    const set = await read(
      parseScoreDeclaration(
        `{ score: clv, title: Value, target: { event: payment.received, within: 30 days, sum: amount }, cuts: { most: 3 }, features: { paid: { events: payment.received, sum: amount, within: 60 days } } }`,
      ),
    );
    expect(labelled(set, set.validation)).toEqual([
      [0, { paid: 0 }],
      [20, { paid: 10 }],
    ]);
  });

  it('need a history that is longer than the horizon', async () => {
    await customer('first', [['usage', 10]]);
    const features = `features: { usage: { events: usage, count: 30 days } }`;
    await expect(read(declare(`${leaving}, ${features}`))).rejects.toMatchObject({
      kind: 'conflict',
      places: [{ where: 'target', what: 'the first event is of 2026-05-22, and what follows is to be seen within 30 days' }],
    });
    await query(em(), 'truncate customer cascade');
    await expect(read(declare(`${leaving}, ${features}`))).rejects.toMatchObject({ places: [{ what: /^no event has been recorded/ }] });
  });

  it('split customers where one cut alone is over', async () => {
    for (let index = 0; index < 30; index++) await customer(`c-${index}`, [['usage', 50]]);
    const set = await read(declare(`${leaving}, features: { usage: { events: usage, count: 30 days } }`));
    expect(set.cuts).toEqual([day(30)]);
    expect(set.validatedLater).toBe(false);
    expect(set.validation.rows).toBeGreaterThan(0);
    expect(set.training.rows + set.validation.rows).toBe(30);
  });
});

describe('rows as they are now', () => {
  it('see the status of who has churned as it was before, in the population', async () => {
    await customer('stays', [], { attributes: { churned_before: false } });
    await customer('left', [['contract.ended', 3]], { attributes: { churned_before: false } });
    await customer('renewed', [['contract.renewed', 3]], { attributes: { churned_before: false } });
    const set = await read(
      declare(`target: churned_before, population: 'customer.status == "active"', features: { usage: { events: usage, count: 30 days } }`),
    );
    expect([...set.training.labels, ...set.validation.labels].sort()).toEqual([0, 1]);
  });

  it('take the amount of an attribute for a score without bounds, and nobody who has none', async () => {
    for (const [name, worth] of [
      ['a', 120.5],
      ['b', 'much'],
      ['c', null],
    ] as const)
      await customer(name, [], { attributes: { worth } });
    const set = await read(parseScoreDeclaration(`{ score: clv, title: Value, target: worth, features: { tenure: { type: number } } }`));
    expect([...set.training.labels, ...set.validation.labels]).toEqual([120.5]);
  });
});
