import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresql } from '../../apps/cli/src/stack/postgresql.js';
import { redis } from '../../apps/cli/src/stack/redis.js';
import { StackProblem, type Part } from '../../apps/cli/src/stack/part.js';
import { startParts } from '../../apps/cli/src/stack/start-parts.js';
import { prepare } from '../../apps/cli/src/stack/surroundings.js';
import { findDevServer } from '../../apps/cli/src/stack/temporal.js';
import { findTestServer } from '../../apps/cli/src/stack/test-server.js';

let stop: (() => Promise<void>) | undefined;

/**
 * Brings up what specs need, unless the environment names it already: PostgreSQL (PERENNIAL_TEST_DATABASE_URL) and Redis or Valkey
 * (PERENNIAL_TEST_REDIS_URL); and finds Temporal's programs, which specs start themselves: the time-skipping test server
 * (PERENNIAL_TEST_SERVER_PATH) and the development server (PERENNIAL_TEST_DEV_SERVER_PATH).
 */
export async function startTestServers(): Promise<void> {
  const wanted: readonly { variable: string; part: Part }[] = [
    { variable: 'PERENNIAL_TEST_DATABASE_URL', part: postgresql },
    { variable: 'PERENNIAL_TEST_REDIS_URL', part: redis },
  ];
  const missing = wanted.filter(({ variable }) => process.env[variable] === undefined);
  const { around, release } = await takeSlot();
  stop = release;
  const parts = await startParts(
    missing.map(({ part }) => part),
    around,
  ).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  stop = async () => {
    await parts.stop();
    await release();
    await rm(around.dataDir, { recursive: true, force: true });
  };
  for (const { variable, part } of missing) process.env[variable] = parts.get(part.name).address;
  await setPath('PERENNIAL_TEST_SERVER_PATH', () => findTestServer(around));
  await setPath('PERENNIAL_TEST_DEV_SERVER_PATH', () => findDevServer(around));
}

export async function stopTestServers(): Promise<void> {
  await stop?.();
}

/** Two runs of the tests may overlap: each takes a directory that no living one has. A killed run's servers and data are cleared away. */
async function takeSlot(): ReturnType<typeof prepare> {
  // Addresses for the product are none for the tests, which create and drop databases.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PERENNIAL_(DATABASE|REDIS|TEMPORAL)_/.test(name)));
  for (let slot = 1; ; slot += 1) {
    const dataDir = join(process.cwd(), '.perennial', `test-${slot}`);
    try {
      return await prepare({ dataDir, env, log: (line) => process.stderr.write(`${line}\n`), durable: false, fresh: true });
    } catch (error) {
      if (!(error instanceof StackProblem) || slot === 20) throw error;
    }
  }
}

/** Only specs of workflows need Temporal: without its programs they fail, and this says why. */
async function setPath(variable: string, find: () => Promise<string>): Promise<void> {
  if (process.env[variable] !== undefined) return;
  try {
    process.env[variable] = await find();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
}
