import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { waitFor } from '../../test/harness/wait-for.js';
import { openHeavyWork, type HeavyWork } from './heavy-work.js';
import { query } from './sql.js';
import { openOrm } from '../schema/orm.js';

describe('heavy work', () => {
  let database: TestDatabase;
  let heavy: HeavyWork;
  const here = (): AbortSignal => new AbortController().signal;
  beforeAll(async () => {
    database = await createTestDatabase(2);
    heavy = await openHeavyWork((pool) => openOrm({ url: database.url, pool }), { atOnce: 1, waiting: 1 });
  });
  afterAll(async () => {
    await heavy.close();
    await database.close();
  });
  /** The statements of heavy work that PostgreSQL is running now. */
  const running = async (): Promise<number> =>
    (
      await query(
        database.orm.em.fork(),
        `select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()`,
      )
    ).length;
  const sleep = (gone: AbortSignal, limitMs?: number) => heavy.run(gone, (em) => query(em, 'select pg_sleep(60)'), limitMs);
  const one = () => heavy.run(here(), (em) => query(em, 'select 1 as one'));

  it('can read, and cannot write', async () => {
    expect(await one()).toEqual([{ one: 1 }]);
    await expect(heavy.run(here(), (em) => query(em, 'create table x ()'))).rejects.toMatchObject({ code: '25006' });
    expect(await one()).toEqual([{ one: 1 }]);
  });

  it('is cancelled by its time limit, with that message', async () => {
    await expect(sleep(here(), 50)).rejects.toMatchObject({ kind: 'unavailable', title: 'This would take longer than 1 seconds' });
    expect(await one()).toEqual([{ one: 1 }]);
  });

  it('is cancelled in PostgreSQL when nobody waits for it, also between its statements', async () => {
    const caller = new AbortController();
    const abandoned = sleep(caller.signal);
    const waiting = new AbortController();
    await waitFor(async () => (await running()) === 1);
    const second = sleep(waiting.signal);
    await expect(sleep(here())).rejects.toMatchObject({ kind: 'unavailable', title: 'Other reports and counts are running' });
    waiting.abort();
    await expect(second).rejects.toMatchObject({ kind: 'unavailable' });
    caller.abort();
    await expect(abandoned).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await running()).toBe(0);

    const early = new AbortController();
    const between = heavy.run(early.signal, async (em) => {
      early.abort();
      await query(em, 'select 1 as one');
      await query(em, 'select pg_sleep(60)');
    });
    await expect(between).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await running()).toBe(0);
    expect(await one()).toEqual([{ one: 1 }]);
  });

  it('takes turns', async () => {
    expect(await Promise.all([one(), one()])).toEqual([[{ one: 1 }], [{ one: 1 }]]);
  });
});
