import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StackProblem } from './part.js';
import { identify, isAlive, processIdentity, type ProcessIdentity } from './process-identity.js';
import { endLeftover, pidsOf } from './program.js';
import { codeOf } from '../../../../libs/platform/code-of.js';

/**
 * Locks a data directory for this process, and cleans up after a killed stack: its lock and its running programs.
 * @param fresh true also removes all its data
 * @returns a function that releases the directory
 * @throws StackProblem if another running stack has it
 */
export async function takeDataDirectory(dataDir: string, fresh: boolean): Promise<() => Promise<void>> {
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { mode: 0o700 }).catch(unlessThere);
  const lock = join(dataDir, 'stack.json');
  const self = await identify(process.pid);
  for (;;) {
    const taken = await writeFile(lock, JSON.stringify(self), { flag: 'wx' }).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      },
    );
    if (taken) break;
    const holder = await readIdentity(lock);
    if (holder !== null && (await isAlive(holder))) {
      throw new StackProblem(`A stack already runs in ${dataDir}: stop it first (kill ${holder.pid}).`);
    }
    await rm(lock, { force: true });
  }
  await endLeftovers(dataDir);
  if (fresh) await empty(dataDir, lock);
  return () => rm(lock, { force: true });
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

async function empty(dataDir: string, lock: string): Promise<void> {
  const entries = (await readdir(dataDir)).map((entry) => join(dataDir, entry)).filter((entry) => entry !== lock);
  await Promise.all(entries.map((entry) => rm(entry, { recursive: true, force: true })));
}

/** Ends the programs that a killed stack has left running. */
export async function endLeftovers(dataDir: string): Promise<void> {
  const directory = pidsOf(dataDir);
  const files = await readdir(directory).catch(() => []);
  await Promise.all(
    files.map(async (file) => {
      const identity = await readIdentity(join(directory, file));
      if (identity !== null) await endLeftover(identity);
      await rm(join(directory, file), { force: true });
    }),
  );
}

/** Null for a file that is missing, or that a crash left incomplete. */
async function readIdentity(file: string): Promise<ProcessIdentity | null> {
  try {
    return processIdentity.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
