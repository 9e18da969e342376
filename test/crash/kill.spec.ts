import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runDemo, type Demo, type Disturbable } from '../../apps/cli/src/demo/demo.js';
import { queryOne } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { resource } from '../harness/resource.js';
import { waitFor } from '../harness/wait-for.js';

/** What one kill can leave unknown: both channels with a full batch in flight. */
const inFlight = 100;

let dataDir: string;
let demo: Demo | undefined;

beforeAll(async () => {
  dataDir = join(await resource('data'), `crash-${newId()}`);
});

afterAll(async () => {
  await demo?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('killed in the middle of a campaign', () => {
  it('loses no journey and doubles no message when the worker, the dispatcher and Redis with its data die', async () => {
    const kills: string[] = [];
    demo = await runDemo({
      dataDir: join(dataDir, 'demo'),
      announceIn: dataDir,
      apps: join(await resource('server'), 'apps'),
      customers: 1200,
      daySeconds: 7,
      seed: 'crash',
      disturb: async (product) => {
        await sent(product, 20);
        product.processes.kill('dispatcher');
        kills.push('dispatcher');
        await sent(product, 45);
        product.processes.kill('worker');
        kills.push('worker');
        await sent(product, 70);
        await product.stack.kill('redis');
        await product.stack.restart('redis');
        kills.push('redis');
        await sent(product, 90);
        product.processes.kill('dispatcher');
        product.processes.kill('worker');
        kills.push('dispatcher', 'worker');
      },
    });

    const { summary } = demo;
    expect(kills).toEqual(['dispatcher', 'worker', 'redis', 'dispatcher', 'worker']);
    expect(summary.restarts).toBe(4);
    expect(summary.witness).toMatchObject({ doubled: 0, missing: 0 });
    expect(summary.messages.unknown).toBeLessThanOrEqual(2 * inFlight);
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(summary.enrolled);
    expect(summary.temporal.journeys).toBe(summary.enrolled - summary.holdout);
  }, 420_000);
});

/** Waits until this many messages were accepted. */
const sent = ({ orm }: Disturbable, count: number): Promise<unknown> =>
  waitFor(async () => {
    const row = await queryOne<{ sent: number }>(
      orm.em.fork(),
      `select count(*) as sent from message where state in ('accepted', 'delivered')`,
    );
    return (row?.sent ?? 0) >= count;
  }, 120_000);
