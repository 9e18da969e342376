import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { prepared } from './prepared.js';
import { query } from './sql.js';

describe('a prepared statement', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.close());

  it('is parsed once by a connection, and answers with what it is asked each time', async () => {
    const sql = prepared('select $1::int + 1 as next');
    await database.orm.em.fork().transactional(async (tx) => {
      for (const given of [1, 2, 3]) expect(await query(tx, sql, [given])).toEqual([{ next: given + 1 }]);
      await query(tx, 'select $1::int + 2 as other', [1]);
      const kept = await query(tx, `select statement, generic_plans + custom_plans as runs from pg_prepared_statements`);
      expect(kept).toEqual([{ statement: sql, runs: 3 }]);
    });
  });
});
