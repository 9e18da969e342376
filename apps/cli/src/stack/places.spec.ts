import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from './cache.js';
import { fromWheel } from './from-wheel.js';
import { findIn, StackProblem, type Surroundings } from './part.js';
import { fromEnvironment, fromPath, isEnough } from './places.js';
import { temporalWheel, testServerWheel, valkeyWheel } from './wheels.js';

let directory: string;
const lines: string[] = [];
const around = (env: Record<string, string>): Surroundings => ({
  env,
  dataDir: directory,
  cacheDir: join(directory, 'cache'),
  secrets: { secret: '', databasePassword: '', twilioAccountSid: '', twilioAuthToken: '' },
  ports: {
    postgresql: 0,
    redis: 0,
    temporal: 0,
    temporalUi: 0,
    smtp: 0,
    mailPage: 0,
    twilio: 0,
    http: 0,
    inboundSmtp: 0,
    workerHealth: 0,
    dispatcherHealth: 0,
  },
  durable: false,
  temporalUi: false,
  log: (line) => lines.push(line),
});

async function program(name: string, script: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'places-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const wish = { names: ['newdb', 'olddb'], version: /version (\d+\.\d+)/, least: [18, 0] } as const;

it('takes the address in the environment before a program on the PATH', async () => {
  await program('newdb', 'echo version 18.4');
  const places = [fromEnvironment('DB_URL'), fromPath(wish)];
  expect(await findIn(places, around({ DB_URL: 'db://x', PATH: directory }), 'A database', 'install one')).toMatchObject({
    kind: 'address',
    address: 'db://x',
  });
  expect(await findIn(places, around({ DB_URL: '', PATH: directory }), 'A database', 'install one')).toMatchObject({
    kind: 'program',
    path: join(directory, 'newdb'),
  });
});

it('skips an old program with a note, and continues', async () => {
  await program('newdb', 'echo version 15.18');
  const right = await program('olddb', 'echo version 19.1');
  expect(await fromPath(wish)(around({ PATH: directory }))).toMatchObject({ path: right });
  await rm(right);
  await expect(findIn([fromPath(wish)], around({ PATH: directory }), 'A database', 'install one')).rejects.toThrow(
    /^A database was not found \(.*newdb is version 15.18, and 18.0 is needed\): install one\.$/,
  );
  expect(lines.at(-1)).toMatch(/^Skipped: .*newdb is version 15.18/);
});

it('compares versions by number', () => {
  expect(isEnough('9.1.2', [6, 2])).toBe(true);
  expect(isEnough('6.10', [6, 2])).toBe(true);
  expect(isEnough('6.0', [6, 2])).toBe(false);
  expect(isEnough('18beta1', [18, 0])).toBe(true);
});

it('has a pinned hash of each wheel for Linux and macOS, on both architectures', () => {
  for (const { hashes } of [valkeyWheel, temporalWheel, testServerWheel]) {
    expect(Object.keys(hashes).sort()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    for (const hash of Object.values(hashes)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  }
});

it('deletes a wheel whose hash is not the pinned one', async () => {
  // A python3 that downloads another wheel than the requested one.
  await program('python3', 'while [ $# -gt 0 ]; do [ "$1" = --dest ] && echo forged > "$2/forged.whl"; shift; done');
  const env = around({ PATH: `${directory}:/usr/bin:/bin` });
  expect(await fromWheel(valkeyWheel, 'linux-x64')(env)).toMatchObject({
    passed: expect.stringMatching(/does not have the pinned hash/) as string,
  });
  const honest = { ...valkeyWheel, hashes: { 'linux-x64': createHash('sha256').update('forged\n').digest('hex') } };
  expect(await fromWheel(honest, 'linux-x64')(env)).toMatchObject({ passed: expect.stringMatching(/contains no valkey-server/) as string });
  expect(await fromWheel(valkeyWheel, 'sunos-sparc')(env)).toMatchObject({ passed: expect.stringContaining('no wheel') as string });
});

it('fetches a program once, also when two ask at the same time', async () => {
  let fetched = 0;
  const fetch = async (into: string): Promise<void> => {
    fetched += 1;
    await writeFile(join(into, 'tool'), 'x');
  };
  const target = join(directory, 'cache', 'tool-1');
  const paths = await Promise.all([cached(target, 'tool', fetch), cached(target, 'tool', fetch)]);
  expect(new Set(paths)).toEqual(new Set([join(target, 'tool')]));
  const before = fetched;
  await cached(target, 'tool', fetch);
  expect(fetched).toBe(before);
});

it('names the problem as a problem of the stack', async () => {
  await expect(findIn([], around({}), 'A', 'do b')).rejects.toBeInstanceOf(StackProblem);
});
