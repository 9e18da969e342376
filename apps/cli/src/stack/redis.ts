import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { fromWheel } from './from-wheel.js';
import { findIn, StackProblem, type Part, type RunningPart, type Surroundings } from './part.js';
import { fromEnvironment, fromPath } from './places.js';
import { runProgram } from './program.js';
import { valkeyWheel } from './wheels.js';

/** Hints for the dispatchers. It keeps nothing on disk: whatever it held can be found again in PostgreSQL. */
export const redis: Part = {
  name: 'redis',
  title: 'Redis or Valkey',
  find: async (around) => {
    const places = [
      fromEnvironment('PERENNIAL_REDIS_URL'),
      fromPath({ names: ['valkey-server', 'redis-server'], version: /v=(\d+\.\d+\.\d+)/, least: [6, 2] }),
      fromWheel(valkeyWheel),
    ];
    const remedy = 'install it (apt-get install redis-server, or brew install valkey), or set PERENNIAL_REDIS_URL=redis://host:port';
    const found = await findIn(places, around, 'Redis or Valkey', remedy);
    return { source: found.source, start: () => (found.kind === 'address' ? reach(found.address) : start(found.path, around)) };
  },
};

async function reach(address: string): Promise<RunningPart> {
  if (!(await answers(address))) {
    throw new StackProblem('PERENNIAL_REDIS_URL does not answer: mend the address, or unset it to have Valkey brought up here.');
  }
  return { address, env: { PERENNIAL_REDIS_URL: address }, stop: () => Promise.resolve() };
}

async function start(path: string, around: Surroundings): Promise<RunningPart> {
  const dir = join(around.dataDir, 'redis');
  await mkdir(dir, { recursive: true });
  const port = String(around.ports.redis);
  const address = `redis://127.0.0.1:${port}`;
  const settings = { bind: '127.0.0.1', port, dir, save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' };
  const program = await runProgram({
    name: 'redis',
    title: 'Redis or Valkey',
    path,
    args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]),
    dataDir: around.dataDir,
    env: around.env,
    ready: () => answers(address),
    stopSignal: 'SIGTERM',
  });
  return { address, env: { PERENNIAL_REDIS_URL: address }, ...program };
}

async function answers(address: string): Promise<boolean> {
  const client = new Redis(address, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 5_000 });
  client.on('error', () => undefined); // the promise below reports it
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    if (client.status !== 'end') client.disconnect();
  }
}
