import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from './sql.js';
import { writeWithin } from './statement-limit.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await query(em(), 'create table written (n int)');
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();

describe('writing within a limit', () => {
  it('fails if a statement takes longer, with that message, and leaves nothing behind', async () => {
    const tooLong = writeWithin(em(), 50, (tx) =>
      // In the way a capability has its own transaction.
      tx.transactional(async (inner) => {
        await query(inner, 'insert into written values (1)');
        await query(inner, 'select pg_sleep(20)');
      }),
    );
    await expect(tooLong).rejects.toMatchObject({ kind: 'unavailable', title: 'This would take longer than 1 seconds' });
    expect(await query(em(), 'select * from written')).toEqual([]);
  });

  it('leaves the connection without a limit for its next user, and does not change other errors', async () => {
    await writeWithin(em(), 5_000, (tx) => query(tx, 'insert into written values (2)'));
    expect(await query(em(), 'select * from written')).toEqual([{ n: 2 }]);
    expect(await query(em(), 'show statement_timeout')).toEqual([{ statement_timeout: '0' }]);
    await expect(writeWithin(em(), 5_000, () => Promise.reject(new Error('another')))).rejects.toThrow('another');
  });
});
