import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { expectedFeature, type History } from '../../../test/harness/expected-feature.js';
import { makeCustomer } from '../../../test/harness/factories.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { valueAt } from './feature-columns.js';
import type { FeatureList } from './feature.js';
import { scoredNow } from './population.js';
import { readFeaturePages, readFeatures, type FeaturePage } from './read-features.js';
import { feature } from './sources/table.js';

const dayMs = 86_400_000;
const now = new Date('2026-03-02T12:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);

/** Instants that lie on the edges of windows and steps, and beside them; some lie ahead. */
const instants = fc.constantFrom(
  ...[0, 1, 3, 13, 14, 15, 29, 30, 31, 60, 84, 89, 90, 91, 120, 180, 400, 690, 719, 720, 721, 1500].flatMap((days) =>
    [-1, 0, 1].map((ms) => days * dayMs + ms),
  ),
);
const ahead = fc.constantFrom(-1, -dayMs, -5 * dayMs, -100 * dayMs, -800 * dayMs);
const past = instants.filter((ms) => ms >= 0);

const kinds = ['usage', 'payment.failed', 'page.viewed', 'contract.ended', 'contract.renewed', 'click'] as const;
const data: fc.Arbitrary<History['events'][number]['data']> = fc.record(
  {
    amount: fc.oneof(fc.integer({ min: -50, max: 500 }), fc.constantFrom(0.1, 29.85, 'much', null, 1e300)),
    page: fc.constantFrom('cancel', 'home', 1, true),
  },
  { requiredKeys: [] },
);

const histories: fc.Arbitrary<History> = fc.record({
  plan: fc.option(fc.constantFrom('basic', 'plus')),
  tenure: fc.option(fc.nat(72)),
  monthlyCharge: fc.option(fc.nat(9_000)),
  attributes: fc.record(
    {
      usage: fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom('much', true, null)),
      branch: fc.oneof(fc.constantFrom('north', 'south', 'none', ''), fc.constantFrom(7, false, null)),
      vip: fc.oneof(fc.boolean(), fc.constantFrom('yes', 1, null)),
      contract_end: fc.oneof(
        instants.map((ms) => ago(ms).toISOString().slice(0, 10)),
        ahead.map((ms) => ago(ms).toISOString().slice(0, 10)),
        fc.constantFrom('2026-02-31', 'tomorrow', '2026-03-02T23:59:59Z', 'infinity', '', 5, null),
      ),
    },
    { requiredKeys: [] },
  ),
  events: fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.oneof({ weight: 6, arbitrary: instants }, ahead).map(ago),
      receivedAt: past.map(ago),
      data,
    }),
    { maxLength: 12 },
  ),
  tasks: fc.array(
    fc
      .record({ kind: fc.constantFrom('question', 'complaint'), created: past, openMs: fc.option(fc.constantFrom(1, dayMs, 40 * dayMs)) })
      .map(({ kind, created, openMs }) => ({
        kind,
        createdAt: ago(created),
        closedAt: openMs === null ? null : ago(Math.max(0, created - openMs)),
      })),
    { maxLength: 3 },
  ),
  messages: fc.array(fc.record({ state: fc.constantFrom('delivered', 'rejected', 'planned'), submittedAt: fc.option(past.map(ago)) }), {
    maxLength: 4,
  }),
  answers: fc.array(fc.record({ answer: fc.constantFrom('accepted', 'question', 'auto-reply', 'bounce'), receivedAt: past.map(ago) }), {
    maxLength: 3,
  }),
});

const durations = fc.constantFrom('1 day', '30 days', '90 days', '2 weeks', '180 days');
const ofEvents = fc.record(
  { events: fc.constantFrom(...kinds, 'never'), where: fc.constantFrom({ page: 'cancel' }, { page: 1 }, { page: true }) },
  { requiredKeys: ['events'] },
);
const and = <T extends object>(base: fc.Arbitrary<object>, more: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.tuple(base, more).map(([one, other]) => ({ ...one, ...other }));

/** Features as a declaration writes them, each under a name. */
const declarations: fc.Arbitrary<readonly [name: string, written: object]> = fc.oneof(
  fc.constantFrom<readonly [string, object]>(
    ['usage', { type: 'number' }],
    ['branch', { type: 'category', same: { none: 'north' } }],
    ['vip', { type: 'flag' }],
    ['plan', { type: 'category' }],
    ['plan', { type: 'number' }],
    ['tenure', { type: 'number' }],
    ['monthly_charge', { type: 'number' }],
    ['absent', { type: 'flag' }],
    ['end', { days_until: 'contract_end' }],
    ['end', { days_until: 'branch' }],
    ['notice', { contract: 'days_to_end' }],
  ),
  fc
    .oneof(
      and(ofEvents, fc.record({ count: durations })),
      and(ofEvents, fc.record({ sum: fc.constantFrom('amount', 'page'), within: durations })),
      and(ofEvents, fc.record({ mean: fc.constant('amount'), within: durations })),
      and(
        ofEvents,
        fc.record({
          trend: fc.constantFrom(true, 'amount'),
          within: fc.constantFrom('1 day', '30 days'),
          of: fc.constantFrom('31 days', '180 days'),
        }),
      ),
      and(ofEvents, fc.record({ since_last: fc.constant(true) })),
      and(ofEvents, fc.record({ since_first: fc.constant(true) })),
      fc.record({ tasks: fc.constantFrom('any', 'complaint'), open: fc.constant(true) }),
      fc.record({ tasks: fc.constantFrom('any', 'question'), within: durations }),
      fc.record({ tasks: fc.constant('complaint'), open: fc.constant(true), within: durations }),
      fc.record({ messages: fc.constantFrom('sent', 'answered', 'clicked'), within: durations }),
    )
    .map((written) => ['x', written] as const),
);

const list = (written: readonly (readonly [string, object])[]): FeatureList =>
  written.map(([name, declared]) => [name, feature.parse(declared)] as const);

describe('the readers of features', () => {
  let database: TestDatabase;
  const known = new Map<string, History>();
  const em = (): EntityManager => database.orm.em.fork();
  beforeAll(async () => {
    database = await createTestDatabase(2);
    for (const history of fc.sample(histories, { numRuns: 45, seed: 11 })) known.set(await insert(em(), history), history);
  });
  afterAll(() => database.close());

  const population = scoredNow(undefined);
  const cell = (page: FeaturePage, column: number, row: number): string | number | null => {
    const read = page.columns[column];
    return read === undefined ? null : valueAt(read, row);
  };
  const byId = (pages: readonly FeaturePage[]): Map<string, (string | number | null)[]> =>
    new Map(pages.flatMap((page) => page.ids.map((id, row) => [id, page.columns.map((_, column) => cell(page, column, row))] as const)));

  it('say the same for a range of customers, for those named and for one alone, as a computation in memory does', async () => {
    let informative = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(declarations, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(now, ago(dayMs), ago(30 * dayMs), ago(91 * dayMs)),
        fc.nat(known.size - 1),
        async (written, at, place) => {
          const features = list(written);
          const reading = { features, at, population, nextChange: false };
          const pages: FeaturePage[] = [];
          for await (const page of readFeaturePages(em(), reading, { most: 17 })) pages.push(page);
          const range = byId(pages);
          expect([...range.keys()]).toEqual([...known.keys()].sort());
          expect(byId([await readFeatures(em(), { ...reading, whom: { ids: [...known.keys()] } })])).toEqual(range);
          const one = [...known.keys()][place] ?? '';
          const alone = await readFeatures(em(), { ...reading, nextChange: true, whom: { ids: [one] } });
          expect([...byId([alone])]).toEqual([[one, range.get(one)]]);
          for (const [id, history] of known) {
            for (const [column, [name, declared]] of features.entries()) {
              const expected = expectedFeature(declared, name, history, at.getTime());
              const read = range.get(id)?.[column];
              if (typeof expected === 'number') expect(read).toBeCloseTo(expected, 9);
              else expect(read).toBe(expected);
              informative += expected === null || expected === 0 ? 0 : 1;
            }
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(informative).toBeGreaterThan(5_000);
  });

  it('say when a feature is another because time went by: until then none is', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(declarations, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (written, share) => {
          const features = list(written);
          const ids = [...known.keys()];
          const read = (at: Date, nextChange = false) => readFeatures(em(), { features, at, population, nextChange, whom: { ids } });
          const page = await read(now, true);
          const changes = page.nextChangeAt;
          expect([...changes].every((at) => Number.isNaN(at) || at > now.getTime())).toBe(true);
          // The instants just before the changes of some, and one on the way to each of them.
          const soonest = [...new Set(changes)].filter((at) => !Number.isNaN(at)).sort((a, b) => a - b);
          const tried = [soonest[0], soonest[Math.floor(share * soonest.length)], now.getTime() + 900 * dayMs].filter(
            (at) => at !== undefined,
          );
          for (const until of tried) {
            const between = Math.floor(now.getTime() + share * (until - 1 - now.getTime()));
            for (const at of [until - 1, between]) {
              const later = await read(new Date(at));
              for (const row of ids.keys()) {
                if (!Number.isNaN(changes[row] ?? NaN) && (changes[row] ?? 0) <= at) continue;
                for (const column of features.keys()) expect(cell(later, column, row)).toEqual(cell(page, column, row));
              }
            }
            const then = await read(new Date(until));
            changed += ids.filter(
              (_, row) => changes[row] === until && features.some((__, column) => cell(then, column, row) !== cell(page, column, row)),
            ).length;
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(changed).toBeGreaterThan(100);
  });
});

/** Stores a customer with a history. Rows that only other layers write are made without what they refer to. */
async function insert(em: EntityManager, { events, tasks, messages, answers, ...columns }: History): Promise<string> {
  const { id } = await makeCustomer(em, { ...columns, currency: 'EUR' });
  await em.transactional(async (tx) => {
    await query(tx, 'set local session_replication_role = replica');
    for (const { kind, at, receivedAt, data: said } of events)
      await query(
        tx,
        `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at) values ($1::uuid, $2, $3, $4, $5, 'test', $1::uuid::text, $6)`,
        [newId(), id, kind, at, JSON.stringify(said), receivedAt],
      );
    for (const { kind, createdAt, closedAt } of tasks)
      await query(
        tx,
        `insert into task (id, kind, response_id, customer_id, created_at, due_at, closed_at) values (uuidv7(), $2, uuidv7(), $1, $3, $3, $4)`,
        [id, kind, createdAt, closedAt],
      );
    for (const { state, submittedAt } of messages)
      await query(
        tx,
        `insert into message (id, customer_id, contact_point_id, reference, occurrence, channel, purpose, template, state, not_before, send_before, planned_at, submitted_at)
         values ($1::uuid, $2, $1::uuid, $1::uuid::text, 1, 'email', 'service', 'x', $3, $4, $4, $4, $5)`,
        [newId(), id, state, now, submittedAt],
      );
    for (const { answer, receivedAt } of answers)
      await query(
        tx,
        `insert into response (id, source, source_id, channel, customer_id, answer, because, received_at) values ($1::uuid, 'test', $1::uuid::text, 'email', $2, $3, 'x', $4)`,
        [newId(), id, answer, receivedAt],
      );
  });
  return id;
}
