import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { prepared } from './prepared.js';
import { query } from './sql.js';

describe('a prepared statement', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.close());

  it('is parsed once by a connection, and planned and answered each time', async () => {
    const sql = prepared('select $1::int + 1 as next');
    await database.orm.em.fork().transactional(async (tx) => {
      for (let given = 0; given < 10; given += 1) expect(await query(tx, sql, [given])).toEqual([{ next: given + 1 }]);
      await query(tx, 'select $1::int + 2 as other', [1]);
      const kept = await query(tx, `select statement, custom_plans as planned, generic_plans as blindly from pg_prepared_statements`);
      expect(kept).toEqual([{ statement: sql, planned: 10, blindly: 0 }]);
    });
  });
});
