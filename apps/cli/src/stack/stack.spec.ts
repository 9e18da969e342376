import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Redis } from 'ioredis';
import { createTransport } from 'nodemailer';
import { Client } from 'pg';
import { readSettings } from '../../../../config/settings.js';
import { StackProblem } from './part.js';
import { isAlive, processIdentity } from './process-identity.js';
import { postgresql } from './postgresql.js';
import { redis } from './redis.js';
import { startParts } from './start-parts.js';
import { prepare } from './surroundings.js';
import { startStack, type Stack } from './stack.js';

/** A place that PostgreSQL's user may also enter, wherever the project is. */
const parent = tmpdir();
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name === 'PERENNIAL_CACHE' || !name.startsWith('PERENNIAL_')),
);

async function sql<T>(stack: Stack, statement: string): Promise<T[]> {
  const client = new Client({ connectionString: stack.addresses.postgresql });
  await client.connect();
  try {
    return (await client.query(statement)).rows as T[];
  } finally {
    await client.end();
  }
}

const redisOf = (stack: Stack): Redis => new Redis(stack.addresses.redis, { maxRetriesPerRequest: 1 });

describe('the embedded stack', () => {
  let dataDir: string;
  let stack: Stack;
  const lines: string[] = [];
  const start = (): Promise<Stack> => startStack({ dataDir, env, durable: false, log: (line) => lines.push(line) });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(parent, 'stack-spec-'));
    stack = await start();
  });
  afterAll(async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('gives the processes of Perennial everything that they need, and reports where it was found', () => {
    const settings = readSettings(stack.env);
    expect(settings.twilio?.baseUrl).toBe(stack.addresses.sms);
    for (const title of ['PostgreSQL', 'Redis or Valkey', 'Temporal', 'Mail sink', 'Twilio double']) {
      expect(lines.some((line) => line.startsWith(title) && line.includes(' from '))).toBe(true);
    }
  });

  it('is real: PostgreSQL 18 or newer, Redis, Temporal, mail', async () => {
    const [version] = await sql<{ version: string }>(stack, "select current_setting('server_version_num')::int >= 180000 as version");
    expect(version).toEqual({ version: true });
    const connection = await Connection.connect({ address: stack.addresses.temporal });
    const handle = await new TemporalClient({ connection }).workflow.start('nothing', { taskQueue: 'none', workflowId: 'kept' });
    expect(handle.workflowId).toBe('kept');
    await connection.close();
    const transport = createTransport({ url: stack.env['PERENNIAL_SMTP_URL'], ignoreTLS: true });
    await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'x' });
    transport.close();
    expect(await (await fetch(`${stack.pages.mail}/mails`)).json()).toMatchObject({ next: 1 });
  });

  it('makes its secrets readable only by its owner', async () => {
    expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(stack.env['PERENNIAL_SECRET']?.length).toBeGreaterThanOrEqual(32);
  });

  it('refuses a second stack on the same data', async () => {
    await expect(start()).rejects.toThrow(/already runs/);
  });

  it('has Redis killed and started again at its address, empty', async () => {
    const before = redisOf(stack);
    await before.set('hint', 'lost');
    before.disconnect();
    const pid = stack.parts.find(({ name }) => name === 'redis')?.pid;
    await stack.kill('redis');
    await stack.restart('redis');
    expect(stack.parts.find(({ name }) => name === 'redis')?.pid).not.toBe(pid);
    const after = redisOf(stack);
    expect(await after.get('hint')).toBeNull();
    after.disconnect();
  });

  it('keeps what was committed through a kill of PostgreSQL', async () => {
    await sql(stack, 'create table survivor as select 1 as one');
    await stack.kill('postgresql');
    await stack.restart('postgresql');
    expect(await sql(stack, 'select one from survivor')).toEqual([{ one: 1 }]);
  });

  it('starts again in seconds, on the same ports, with its data and secrets', async () => {
    const { addresses, env: settings } = stack;
    await stack.stop();
    expect(await readdir(join(dataDir, 'pids'))).toEqual([]);
    stack = await start();
    expect(stack.addresses).toEqual(addresses);
    expect(stack.env).toEqual(settings);
    expect(await sql(stack, 'select one from survivor')).toEqual([{ one: 1 }]);
    const connection = await Connection.connect({ address: stack.addresses.temporal });
    expect((await new TemporalClient({ connection }).workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await connection.close();
  });

  it('runs beside another', async () => {
    const other = await startStack({ dataDir: join(dataDir, 'other'), env, durable: false, log: () => undefined });
    await sql(other, 'create table only_here ()');
    await expect(sql(stack, 'select from only_here')).rejects.toThrow(/does not exist/);
    await other.stop();
  });
});

it('ends programs that a killed stack left running, and starts', async () => {
  const dataDir = await mkdtemp(join(parent, 'stack-spec-'));
  const options = { dataDir, env, durable: false, log: () => undefined };
  const killed = await startParts([postgresql, redis], (await prepare(options)).around);
  // As kill -9 leaves it: servers running, a lock whose holder is gone.
  const pids = join(dataDir, 'pids');
  const files = await readdir(pids);
  const left = await Promise.all(files.map(async (file) => processIdentity.parse(JSON.parse(await readFile(join(pids, file), 'utf8')))));
  expect(left.map(({ pid }) => pid).sort()).toEqual(
    killed
      .list()
      .map(({ pid }) => pid)
      .sort(),
  );
  await writeFile(join(dataDir, 'stack.json'), JSON.stringify({ pid: process.pid, started: 'another time' }));

  const { around, release } = await prepare(options);
  expect(await Promise.all(left.map(isAlive))).toEqual([false, false]);
  const again = await startParts([postgresql, redis], around);
  expect(again.get('postgresql').address).toBe(killed.get('postgresql').address);
  await again.stop();
  await release();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a missing part of the stack', () => {
  it('is reported in one sentence for each part, with advice', async () => {
    const dataDir = await mkdtemp(join(parent, 'stack-spec-'));
    const bare = { PATH: '', PERENNIAL_CACHE: join(dataDir, 'cache'), PERENNIAL_DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' };
    const failure: unknown = await startStack({ dataDir, env: bare, log: () => undefined }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StackProblem);
    const sentences = String(failure).split('\n');
    expect(sentences.find((line) => line.includes('PERENNIAL_DATABASE_URL'))).toMatch(/does not answer: correct the address/);
    expect(sentences.find((line) => line.includes('Redis or Valkey was not found'))).toMatch(
      /python3 with pip is not installed.*apt-get install redis-server/,
    );
    expect(await readdir(dataDir)).not.toContain('stack.json');
    await rm(dataDir, { recursive: true, force: true });
  });
});
