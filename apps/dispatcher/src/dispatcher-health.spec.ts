import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { testEnvironment } from '../../../test/harness/api.js';
import { redisDatabase } from '../../../test/harness/redis-database.js';
import { readSettings, type Settings } from '../../../config/settings.js';
import { query } from '../../../libs/persistence/sql.js';
import { createLogger } from '../../../libs/platform/log.js';
import { Pulse } from '../../hosting/health.js';
import { dispatcherHealth } from './dispatcher-health.js';
import { start } from './main.js';

describe('the health of a dispatcher', () => {
  let database: TestDatabase;
  let redis: string;
  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), redisDatabase()]);
  });
  afterAll(() => database.close());

  const settings = (more: Readonly<Record<string, string>> = {}): Settings =>
    readSettings({
      ...testEnvironment(database.url),
      PERENNIAL_REDIS_URL: redis,
      PERENNIAL_LOG_LEVEL: 'silent',
      ...more,
    });

  it('has its own endpoint and lists the providers’ breakers, none of which makes it unhealthy', async () => {
    const em = database.orm.em.fork();
    await query(
      em,
      `insert into provider (channel, breaker, open_until, trips, tokens, refilled_at)
       values ('sms', 'open', now() + interval '1 hour', 3, 0, now())`,
    );
    const dispatcher = await start(settings({ PERENNIAL_DISPATCHER_HEALTH_PORT: '0' }));
    const response = await fetch(`${dispatcher.health ?? ''}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ready: true,
      postgresql: true,
      sweeps: true,
      providers: { email: 'closed', sms: 'open' },
    });
    await dispatcher.close();
    await expect(fetch(`${dispatcher.health ?? ''}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('has none if no port is set', async () => {
    const dispatcher = await start(settings());
    expect(dispatcher.health).toBeUndefined();
    await dispatcher.close();
  });

  it('is bad if the ledger was not swept for half a minute', async () => {
    let now = 0;
    const pulse = new Pulse(() => now);
    now = 31_000;
    const log = createLogger('dispatcher', 'silent');
    expect(await dispatcherHealth(database.orm, ['email'], pulse, log)).toMatchObject({ ready: false, postgresql: true, sweeps: false });
  });
});
