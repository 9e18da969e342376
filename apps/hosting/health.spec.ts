import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { openOrm } from '../../libs/schema/orm.js';
import { createLogger } from '../../libs/platform/log.js';
import { openHealthAddress } from './health-address.js';
import { askAll, postgresqlAnswers, Pulse } from './health.js';

const log = createLogger('test', 'silent');

describe('health', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('is ready when every check passes, and names a failed one: a check that throws or never answers has failed', async () => {
    expect(await askAll({ one: () => true, two: () => Promise.resolve(true) }, log)).toEqual({ ready: true, one: true, two: true });
    const failing = {
      fine: () => true,
      not: () => false,
      throws: () => Promise.reject(new Error('away')),
      hangs: () => new Promise<boolean>(() => undefined),
    };
    expect(await askAll(failing, log)).toEqual({ ready: false, fine: true, not: false, throws: false, hangs: false });
  });

  it('asks PostgreSQL itself', async () => {
    const orm = await openOrm({ url: 'postgres://nobody@127.0.0.1:1/none', pool: 2 });
    const checks = {
      here: () => postgresqlAnswers(database.orm),
      away: () => postgresqlAnswers(orm),
    };
    expect(await askAll(checks, log)).toEqual({ ready: false, here: true, away: false });
    await orm.close();
  });

  it('has a pulse while something is done at least every half a minute', () => {
    let now = 0;
    const pulse = new Pulse(() => now);
    now = 29_000;
    expect(pulse.steady).toBe(true);
    pulse.beat();
    now = 58_000;
    expect(pulse.steady).toBe(true);
    now = 60_000;
    expect(pulse.steady).toBe(false);
    pulse.beat();
    expect(pulse.steady).toBe(true);
  });

  it('has an address: always live, ready or 503 with what is missing, and nothing else', async () => {
    let report = { ready: true, part: true };
    const address = await openHealthAddress({ host: '127.0.0.1', port: 0 });
    const get = async (path: string, method = 'GET'): Promise<readonly [number, unknown]> => {
      const response = await fetch(`${address.url}${path}`, { method });
      return [response.status, await response.json()];
    };
    expect(await get('/health/ready')).toEqual([503, { ready: false }]);
    address.report(() => Promise.resolve(report));
    expect(await get('/health/ready')).toEqual([200, { ready: true, part: true }]);
    report = { ready: false, part: false };
    expect(await get('/health/ready')).toEqual([503, { ready: false, part: false }]);
    expect(await get('/health/live')).toEqual([200, { live: true }]);
    expect(await get('/health/live', 'POST')).toMatchObject([404, {}]);
    expect(await get('/')).toMatchObject([404, {}]);

    const taken = openHealthAddress({ host: '127.0.0.1', port: Number(new URL(address.url).port) });
    await expect(taken).rejects.toThrow('EADDRINUSE');
    await address.close();
    await expect(get('/health/live')).rejects.toThrow('fetch failed');
  });
});
