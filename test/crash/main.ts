import '../../apps/hosting/node-version.js';
import { rm } from 'node:fs/promises';
import { postgresql } from '../../apps/cli/src/stack/postgresql.js';
import { redis } from '../../apps/cli/src/stack/redis.js';
import { startParts } from '../../apps/cli/src/stack/start-parts.js';
import { prepare } from '../../apps/cli/src/stack/surroundings.js';
import { newId } from '../../libs/platform/ids.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { errorsOf, lineOf, tablesOf } from './report.js';
import { crash } from './run.js';

/*
 * npm run test:crash [-- --json] [-- --seed=TEXT] [-- --kills=N] [-- --messages=N] PostgreSQL waits for the disk here, as in production.
 * Ends with 1 if the books do not balance.
 */
const options = new Map(
  process.argv.slice(2).map((option): [string, string] => {
    const [name = '', value = ''] = option.replace(/^--/, '').split('=');
    return [name, value];
  }),
);
const json = options.has('json');
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// A test that kills does not use the addresses of another running product.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('PERENNIAL_') || name === 'PERENNIAL_CACHE'),
);
const { around, release } = await prepare({ dataDir: projectFile('.perennial', `crash-${newId()}`), env, log, durable: true });
try {
  const parts = await startParts([postgresql, redis], around);
  // An interruption leaves no servers running.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void parts.stop().finally(() => process.exit(1)));
  try {
    process.env['PERENNIAL_TEST_DATABASE_URL'] = parts.get('postgresql').address;
    process.env['PERENNIAL_TEST_REDIS_URL'] = parts.get('redis').address;
    const result = await crash({
      programs: projectFile('dist'),
      seed: options.get('seed') ?? 'perennial',
      kills: Number(options.get('kills') ?? 200),
      messages: Number(options.get('messages') ?? 20_000),
      log,
    });
    (json ? log : say)(tablesOf(result));
    if (json) say(lineOf(result));
    const errors = errorsOf(result);
    for (const error of errors) log(error);
    if (errors.length > 0) process.exitCode = 1;
  } finally {
    await parts.stop();
  }
} finally {
  await release();
  await rm(around.dataDir, { recursive: true, force: true });
}
