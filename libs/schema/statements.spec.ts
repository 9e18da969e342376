import { sqlOfSources, type SourceStatement, type Stands } from '../../test/harness/sql-of-sources.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { enrolmentsExport, messagesExport } from '../measurement/exports.js';
import { query } from '../persistence/sql.js';

/** Parts that are only known when the code runs, with a sample text for each. */
const stands: Stands = {
  // Compiled rules, whose own spec runs them.
  "libs/segments/list-customers.ts: holds?.sql ?? 'true'": 'true',
  'libs/segments/segments.ts: sql': 'true',
  // Features and populations of a declaration, whose own spec runs them.
  'libs/scoring/features/read-features.ts: sql': 'select 1',
  'libs/scoring/features/population.ts: sql': 'select 1',
  'libs/scoring/sweep/stale-customers.ts: sql': 'select 1',
  'libs/scoring/influence/read-network.ts: sql': 'select 1',
  'libs/campaigns/warnings.ts: asked.sql': 'c.plan',
  "libs/campaigns/warnings.ts: filters.map((each) => `, ${each}`).join('')": ', count(*) filter (where audience and true) as one',
  'libs/campaigns/warnings.ts: sql': 'true',
  'libs/campaigns/enrol-by-hand.ts: audience.sql': 'true',
  'libs/campaigns/enrol.ts: audience.sql': 'true',
  'libs/campaigns/enrol.ts: whom.sql': 'select customer_id, value as rank, value as score from score',
  'libs/campaigns/estimate.ts: rule.sql': 'true',
  // What a kind of trigger returns, with the one by score as the example.
  'libs/campaigns/enrol.ts: armsAgain.sql': 'true',
  'libs/campaigns/estimate.ts: standing.sql': 'select customer_id from score',
  'libs/campaigns/campaign-standing.ts: standing.sql': 'select customer_id from score',
  'libs/campaigns/goals.ts: sql': 'true',
  'libs/measurement/report-queries.ts: reached.sql': 'true',
  // Rules that a spec evaluates in both ways and compares.
  "libs/customers/may-write.ts: contactRestrictions.map((restriction) => `not ${rule[restriction].sql(columns)}`).join('\\n  and ')":
    'true',
  // Lists of conditions and values.
  "libs/platform/currencies.ts: cases.join(' ')": "when 'JPY' = 'JPY' then 1",
  "libs/campaigns/reachable.ts: (asked.size === 0 ? (['marketing'] as const) : [...asked]).map((purpose) => reachableFor(purpose)).join(' or ')":
    'true',
  "libs/messaging/ledger/ledger.ts: conditions.map(([key, value], index) => `${columns[key]} = ${Array.isArray(value) ? `any($${index + 2}::uuid[])` : `$${index + 2}`}`).join(' and ')":
    'campaign_id = $2',
  'libs/campaigns/goals.ts: who': 'e.id = any($3::uuid[])',
  'libs/campaigns/enrol-by-hand.ts: name': 'c.id',
  'libs/lifecycle/erase-customer.ts: column': 'id',
  "libs/campaigns/enrol-by-hand.ts: name === 'c.id' ? 'uuid' : 'text'": 'uuid',
  'libs/campaigns/enrol-by-hand.ts: campaign': '$2',
  'libs/campaigns/enrol-by-hand.ts: keyAt': '$3',
  'libs/campaigns/enrol-by-hand.ts: holdout': '$4',
  'libs/campaigns/enrol-by-hand.ts: condition': 'c.id = any($1::uuid[])',
  // Statements that are run here by name are prepared below.
  'apps/api/src/exports/send-csv.ts: sql': 'select 1',
  'libs/campaigns/arm.ts: 2 ** 32': '4294967296',
  'libs/campaigns/kept-revenue.ts: statedEconomics.horizonMonths.toFixed(1)': '12.0',
};

/** The files of an export are listed with their statements, and one function runs them. */
const exported = [messagesExport, enrolmentsExport].map(({ sql }) => ({ where: 'libs/measurement/exports.ts', sql }));

/** `lock table`, `set local` and their like cannot be prepared. */
const canBePrepared = ({ sql }: SourceStatement): boolean => /^\s*(?:select|with|insert|update|delete|merge)\b/i.test(sql);

const statements = [...sqlOfSources(stands), ...exported].filter(canBePrepared);

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase(2)));
afterAll(() => database.close());

/** PostgreSQL's error for each statement. */
async function errorsOf(given: readonly SourceStatement[]): Promise<string[]> {
  const errors: string[] = [];
  for (const { where, sql } of given) {
    await database.orm.em
      .fork()
      .transactional(async (tx) => {
        await query(tx, `prepare statement as ${sql}`);
        await query(tx, 'deallocate statement');
      })
      .catch((error: unknown) => errors.push(`${where} ${String(error)}`));
  }
  return errors;
}

describe('the SQL statements of the code', () => {
  it('are all found, and fit the migrated schema', async () => {
    expect(statements.length).toBeGreaterThan(200);
    expect(await errorsOf(statements)).toEqual([]);
  });

  it.each([
    ['customer', 'tenure'],
    ['message', 'lease_until'],
    ['idempotent_request', 'request_hash'],
  ])('no longer fit if %s.%s is renamed', async (table, column) => {
    const em = database.orm.em.fork();
    await query(em, `alter table ${table} rename column ${column} to renamed`);
    const errors = await errorsOf(statements);
    await query(em, `alter table ${table} rename column renamed to ${column}`);
    expect(errors).not.toEqual([]);
  });
});
