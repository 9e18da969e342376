import type { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { openOrm } from '../schema/orm.js';
import { PreparedStatements } from './prepared-statements.js';
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

  it('are those that ran often, once a connection', async () => {
    const text = 'select $1::int as frequent';
    await runs(5, text);
    expect(await prepared(text)).toBe(0);
    await runs(20, text);
    expect(await prepared(text)).toBe(1);
  });

  it('are prepared anew after a migration changed what they give', async () => {
    const text = 'select *, $1::int as run from changing';
    await query(em(), 'create table changing (a int)');
    await query(em(), 'insert into changing values (1)');
    await runs(10, text);
    await query(em(), 'alter table changing add column b int default 2');
    await expect(query(em(), text, [11])).rejects.toThrow('cached plan must not change result type');
    expect(await query(em(), text, [12])).toEqual([{ a: 1, b: 2, run: 12 }]);
  });

  it('give the same rows, and the same errors, as before', async () => {
    const text = 'select 10 / $1::int as tenth';
    for (let run = 0; run < 12; run += 1) expect(await query(em(), text, [5])).toEqual([{ tenth: 2 }]);
    await expect(query(em(), text, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await query(em(), text, [10])).toEqual([{ tenth: 1 }]);
  });

  it('stay a bounded number, however many texts there are', () => {
    const statements = new PreparedStatements();
    const names = new Set<string>();
    for (let text = 0; text < 5_000; text += 1) {
      for (let run = 0; run < 10; run += 1) {
        const name = statements.nameOf(`select ${String(text)}`);
        if (name !== undefined) names.add(name);
      }
    }
    expect(names.size).toBe(300);
    expect(statements.nameOf('select 0')).toBeDefined();
    expect(statements.nameOf('select 4999')).toBeUndefined();
  });
});
