import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());

/** What MikroORM would change in the database. */
const wanted = (): Promise<string> => database.orm.schema.getUpdateSchemaSQL({ wrap: false });

describe('entities and migrations', () => {
  it('agree: MikroORM would change nothing in a migrated database', async () => {
    expect(await wanted()).toBe('');
  });

  it.each([
    ['a renamed column', 'alter table segment rename column rule to condition', 'alter table segment rename column condition to rule'],
    ['a column that may be null', 'alter table segment alter rule drop not null', 'alter table segment alter rule set not null'],
    ['a missing check', 'alter table customer drop constraint customer_charge_check', undefined],
    ['a missing index', 'drop index customer_leaving', undefined],
  ])('do not agree with %s', async (_what, change, back) => {
    const em = database.orm.em.fork();
    await query(em, change);
    expect(await wanted()).not.toBe('');
    if (back !== undefined) await query(em, back);
  });
});
