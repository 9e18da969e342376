import { Queue, Worker } from 'bullmq';
import { redisDatabase } from '../../../test/harness/redis-database.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import { createLogger } from '../../platform/log.js';
import { createHints, queueName, redisConnection } from './hints.js';

const log = createLogger('test', 'silent');

describe('hints', () => {
  let url: string;
  let connection: ReturnType<typeof redisConnection>;
  let queue: Queue;
  beforeAll(async () => {
    url = await redisDatabase();
    connection = redisConnection(url);
    queue = new Queue(queueName('email'), { connection });
  });
  beforeEach(() => queue.obliterate({ force: true }));
  afterAll(() => queue.close());

  it('are collected in one job, however many there are', async () => {
    const hints = createHints(url, log);
    for (let n = 0; n < 10_000; n++) await hints.hint('email');
    await waitFor(async () => (await queue.getWaitingCount()) === 1);
    for (let n = 0; n < 1_000; n++) await hints.hint('email');
    await hints.close();
    expect(await queue.getJobCounts()).toMatchObject({ waiting: 1, delayed: 0, completed: 0, failed: 0 });
  });

  it('that come while the work runs start it once more', async () => {
    const hints = createHints(url, log);
    let runs = 0;
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    const worker = new Worker(queueName('email'), () => (++runs === 1 ? first : Promise.resolve()), { connection });
    await hints.hint('email');
    await waitFor(() => runs === 1);
    for (let n = 0; n < 100; n++) await hints.hint('email');
    release();
    // Two, or three if the second job was taken before the last of the hundred hints checked.
    await waitFor(() => runs >= 2);
    await hints.close();
    await worker.close();
  });

  it('cost nothing if Redis is unavailable: neither an error nor a wait', async () => {
    const hints = createHints('redis://127.0.0.1:1', log);
    const hinted = async (): Promise<string> => {
      for (let n = 0; n < 1_000; n++) await hints.hint('sms');
      return 'hinted';
    };
    // No timer and no network event runs before the thousandth hint.
    const turn = new Promise((resolve) => setImmediate(() => resolve('waited')));
    expect(await Promise.race([hinted(), turn])).toBe('hinted');
    await hints.close();
  });
});
