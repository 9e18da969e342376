import type { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { openOrm } from '../schema/orm.js';
import { PreparedStatements } from './prepared-statements.js';
import { retriedTransaction } from './retried.js';
import { query } from './sql.js';

describe('prepared statements', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await createTestDatabase(1);
    orm = await openOrm({ url: database.url, pool: 1 });
  });
  afterAll(async () => {
    await orm.close();
    await database.close();
  });
  const em = () => orm.em.fork();
  const prepared = async (text: string): Promise<number> => {
    const [row] = await query<{ count: number }>(em(), `select count(*) from pg_prepared_statements where statement = $1 and $1 <> ''`, [
      text,
    ]);
    return row?.count ?? 0;
  };
  const runs = async (times: number, text: string): Promise<void> => {
    for (let run = 0; run < times; run += 1) await query(em(), text, [run]);
  };

  it('are those that ran often, prepared once for each connection', async () => {
    const text = 'select $1::int as frequent';
    await runs(5, text);
    expect(await prepared(text)).toBe(0);
    await runs(20, text);
    expect(await prepared(text)).toBe(1);
  });

  it('are prepared again after a migration changed their result', async () => {
    const text = 'select *, $1::int as run from changing';
    await query(em(), 'create table changing (a int)');
    await query(em(), 'insert into changing values (1)');
    await runs(10, text);
    await query(em(), 'alter table changing add column b int default 2');
    expect(await query(em(), text, [11])).toEqual([{ a: 1, b: 2, run: 11 }]);
    await query(em(), 'alter table changing add column c int default 3');
    let attempts = 0;
    const again = await retriedTransaction(em(), 2, async (tx) => {
      attempts += 1;
      return query(tx, text, [12]);
    });
    expect([attempts, again]).toEqual([2, [{ a: 1, b: 2, c: 3, run: 12 }]]);
  });

  it('give the same rows, and the same errors, as before', async () => {
    const text = 'select 10 / $1::int as tenth';
    for (let run = 0; run < 12; run += 1) expect(await query(em(), text, [5])).toEqual([{ tenth: 2 }]);
    await expect(query(em(), text, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await query(em(), text, [10])).toEqual([{ tenth: 1 }]);
  });

  it('are closed with their connection if too many were prepared on it', async () => {
    const backend = async (): Promise<unknown> => query(em(), 'select pg_backend_pid() as pid');
    const countOf = async (): Promise<number> =>
      (await query<{ count: number }>(em(), 'select count(*) from pg_prepared_statements'))[0]?.count ?? 0;
    const before = await backend();
    let most = 0;
    for (let text = 0; text < 650; text += 1) {
      await runs(6, `select $1::int as one_${String(text)}`);
      if (text % 50 === 0) most = Math.max(most, await countOf());
    }
    expect(most).toBeGreaterThan(300);
    expect(await backend()).not.toEqual(before);
    expect(await countOf()).toBeLessThan(300);
  });

  it('are the most recently used ones, however many texts there are', () => {
    const statements = new PreparedStatements();
    const often = (text: string): string | undefined => {
      for (let run = 0; run < 10; run += 1) statements.nameOf(text);
      return statements.nameOf(text);
    };
    const hot = often('select hot');
    for (let text = 0; text < 5_000; text += 1) {
      expect(often(`select ${String(text)}`)).toBeDefined();
      expect(statements.nameOf('select hot')).toBe(hot);
    }
    const named = Array.from({ length: 5_000 }, (_, text) => statements.nameOf(`select ${String(text)}`)).filter(Boolean);
    expect(named).toHaveLength(299);
    expect(statements.nameOf('select 0')).toBeUndefined();
  });

  it('have names that no other process uses', () => {
    const names = [1, 2].map(() => {
      const statements = new PreparedStatements();
      for (let run = 0; run < 10; run += 1) statements.nameOf('select');
      return statements.nameOf('select');
    });
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^\w{1,60}$/);
  });
});
