import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer, makeScore } from '../../test/harness/factories.js';
import { CustomerEvent } from '../customers/customer-event.entity.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import type { Facts } from './facts.js';
import { knownFields, type Field, type ValueType } from './fields.js';
import { loadFacts } from './load-facts.js';
import { compileRule } from './rule.js';

const dayMs = 86_400_000;
const now = new Date('2026-03-02T12:00:00Z');

/** Few values, so that rules match rows; some look alike, some are outside the Basic Multilingual Plane. */
const texts = ['', 'a', 'A', 'basic', 'basic plus', 'b', 'é', '\u{1F600}', '\uFFFD', "it's", '%', '1', 'true', '\\'];
const numbers = [0, -0, 1, 3, 3.5, -2, 0.1, 29.85, 1e15, 1e-7, 12345678.9];
const eventKinds = ['ticket.opened', 'payment.missed'];
const values: Record<ValueType, fc.Arbitrary<string | number | boolean>> = {
  string: fc.constantFrom(...texts),
  number: fc.constantFrom(...numbers),
  boolean: fc.boolean(),
};

/** Fields without a declared list of values, so that any text may be compared with them. */
const fields = knownFields().filter((field) => field.values === null);
const fieldOf = (type: ValueType): fc.Arbitrary<Field> => fc.constantFrom(...fields.filter((field) => field.type === type));
const nameOf = (field: Field): string => `${field.of}.${field.name}`;

const celText = (value: string | number | boolean): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '0' : String(value).replace('1e-7', '0.0000001').replace('1000000000000000', '1000000000000000.0');
};

const operand = (type: ValueType): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fieldOf(type).map(nameOf) },
    { weight: 2, arbitrary: values[type].map(celText) },
    ...(type === 'number'
      ? [
          {
            weight: 1,
            arbitrary: fc
              .tuple(fc.constantFrom(...eventKinds), fc.constantFrom(1, 30, 366))
              .map(([kind, days]) => `events("${kind}", ${String(days)})`),
          },
        ]
      : []),
  );

const types = fc.constantFrom<ValueType>('string', 'number', 'boolean');
const atom: fc.Arbitrary<string> = fc.oneof(
  types.chain((type) =>
    fc
      .tuple(operand(type), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), operand(type))
      .map(([left, by, right]) => `${left} ${by} ${right}`),
  ),
  types.chain((type) =>
    fc
      .tuple(fieldOf(type), fc.array(values[type], { minLength: 1, maxLength: 3 }))
      .map(([field, list]) => `${nameOf(field)} in [${list.map(celText).join(', ')}]`),
  ),
  fc
    .tuple(fieldOf('string'), fc.constantFrom('startsWith', 'endsWith', 'contains'), operand('string'))
    .map(([field, test, part]) => `${nameOf(field)}.${test}(${part})`),
  fc.constantFrom(...fields).map((field) => `has(${nameOf(field)})`),
  fieldOf('boolean').map(nameOf),
  fc.constantFrom('true', 'false'),
);
const { rule: rules } = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} || ${b})`),
    tie('rule').map((of) => `!(${of})`),
  ),
}));

/** Attributes of the declared type, of another type, null, or absent. */
const attributes: fc.Arbitrary<Row['attributes']> = fc.record(
  Object.fromEntries(
    fields
      .filter((field) => field.sql.includes('attributes'))
      .map((field) => [field.name, fc.oneof(fc.constant(null), values.string, values.number, values.boolean)]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<Row['attributes']>;
const rows: fc.Arbitrary<Row> = fc.record({
  plan: fc.option(values.string as fc.Arbitrary<string>),
  timeZone: fc.option(fc.constantFrom('Europe/Berlin', 'a')),
  locale: fc.constantFrom('en', 'a'),
  monthlyCharge: fc.constantFrom(0, 1, 2985, 350, 300),
  tenure: fc.constantFrom(0, 1, 3, 72),
  attributes,
  scores: fc.record({ churn: fc.constantFrom(0.1, 1, 3), clv: fc.constantFrom(0, 29.85) }, { requiredKeys: [] }),
  events: fc.array(
    fc.record({
      kind: fc.constantFrom(...eventKinds),
      ago: fc.constantFrom(-1, 0, 1, dayMs, dayMs - 1, 30 * dayMs, 31 * dayMs, 400 * dayMs),
    }),
    {
      maxLength: 5,
    },
  ),
});

describe('the two evaluations of a rule', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(2);
  });
  afterAll(() => database.close());

  it('give the same result for every customer, for random rules and random rows', async () => {
    const em = database.orm.em.fork();
    const population = fc.sample(rows, { numRuns: 60, seed: 7 });
    const facts = new Map<string, Facts>();
    for (const row of population) {
      const id = await insert(em, row);
      facts.set(id, await loadFacts(em, id, now));
    }
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(rules, async (source) => {
        const rule = compileRule(source);
        const { sql, params } = rule.toSql(2, now);
        const answers = await query<{ id: string; holds: boolean | null }>(
          em,
          `select c.id, ${sql} as holds from customer c where c.id = any($1::uuid[])`,
          [[...facts.keys()], ...params],
        );
        expect(answers).toHaveLength(facts.size);
        for (const answer of answers) {
          const known = facts.get(answer.id);
          expect(known && rule.holds(known)).toBe(answer.holds);
          matched += answer.holds === true ? 1 : 0;
        }
      }),
      { numRuns: 400 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });
});

interface Row {
  readonly plan: string | null;
  readonly timeZone: string | null;
  readonly locale: string;
  readonly monthlyCharge: number;
  readonly tenure: number;
  readonly attributes: Record<string, string | number | boolean | null>;
  readonly scores: { readonly churn?: number; readonly clv?: number };
  readonly events: readonly { readonly kind: string; readonly ago: number }[];
}

async function insert(em: EntityManager, { scores, events, ...columns }: Row): Promise<string> {
  const { id } = await makeCustomer(em, columns);
  if (scores.churn !== undefined) await makeScore(em, id, scores.churn, 'churn');
  if (scores.clv !== undefined) await makeScore(em, id, scores.clv, 'clv');
  for (const { kind, ago } of events) {
    const at = new Date(now.getTime() - ago);
    await em.insert(CustomerEvent, { id: newId(), customer: id, kind, at, data: {}, source: 'test', sourceId: newId(), receivedAt: now });
  }
  return id;
}
