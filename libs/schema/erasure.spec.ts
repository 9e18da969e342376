import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';
import { projectFile } from '../platform/project-file.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());

interface ForeignKey {
  readonly table: string;
  readonly rule: string | null;
  /** Whether the row is deleted with the customer's. */
  readonly cascades: boolean;
}

/** Each foreign key to a customer, with what its comment says about an erasure. */
const keys = (): Promise<ForeignKey[]> =>
  query<ForeignKey>(
    database.orm.em.fork(),
    `select conrelid::regclass::text as table, obj_description(oid, 'pg_constraint') as rule, confdeltype = 'c' as cascades
     from pg_constraint where contype = 'f' and confrelid = 'customer'::regclass order by 1`,
  );

/** The tables in docs/erasure.md, with what it says about them. */
const documented = new Map(
  readFileSync(projectFile('docs', 'erasure.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, names = '', done = ''] = line.split('|');
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, done.trim()] as const);
    }),
);

describe('the erasure of a customer', () => {
  it('is described at each foreign key: its rows are removed, and would be deleted with the customer, or they are kept and never deleted', async () => {
    const found = await keys();
    expect(found.length).toBeGreaterThan(10);
    for (const { table, rule, cascades } of found) {
      expect([table, rule]).toEqual([table, expect.stringMatching(/^On erasure: (removed|kept|added)/)]);
      expect([table, cascades]).toEqual([table, rule === 'On erasure: removed.']);
      expect([table, documented.get(table)]).toEqual([table, expect.stringMatching(cascades ? /^removed/ : /stays|added/)]);
    }
  });

  it('is documented for each table', async () => {
    const tables = await query<{ name: string }>(
      database.orm.em.fork(),
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'mikro_orm%'`,
    );
    expect(tables.map(({ name }) => name).filter((name) => !documented.has(name))).toEqual([]);
  });
});
