import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Place, Surroundings } from './part.js';

const run = promisify(execFile);

/** The address in an environment variable, if it is set. */
export function fromEnvironment(variable: string): Place {
  return (around) => {
    const address = around.env[variable];
    return Promise.resolve(
      address === undefined || address === ''
        ? { passed: `${variable} is not set` }
        : { kind: 'address', address, source: `the environment (${variable})` },
    );
  };
}

/** Programs that can be used for a part, and the oldest supported version. */
export interface ProgramWish {
  readonly names: readonly string[];
  /** Finds the version in the output of `--version`; without it any version is accepted. */
  readonly version?: RegExp;
  readonly least?: readonly [major: number, minor: number];
}

/** The first program on the PATH that is new enough; an older one is skipped with a note. */
export function fromPath(wish: ProgramWish): Place {
  return async (around) => {
    const notes: string[] = [];
    for (const name of wish.names) {
      const path = await onPath(name, around);
      if (path === null) continue;
      const version = await versionOf(path, wish);
      if (version === null) notes.push(`${path} does not print its version`);
      else if (!isEnough(version, wish.least)) notes.push(`${path} is version ${version}, and ${String(wish.least?.join('.'))} is needed`);
      else return { kind: 'program', path, source: `${path} on the PATH${version === '' ? '' : ` (version ${version})`}` };
    }
    return notes.length > 0 ? { passed: notes.join('; '), remarkable: true } : { passed: `no ${wish.names.join(' or ')} on the PATH` };
  };
}

async function onPath(name: string, around: Surroundings): Promise<string | null> {
  for (const directory of (around.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(directory, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return null;
}

/** The version that the program prints, '' if none is asked for, null if it prints none. */
async function versionOf(path: string, wish: ProgramWish): Promise<string | null> {
  if (wish.version === undefined) return '';
  const output = await run(path, ['--version'], { timeout: 10_000 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  return wish.version.exec(output)?.[1] ?? null;
}

/** True if a dotted version is new enough; a missing minor number counts as 0. */
export function isEnough(version: string, least: readonly [number, number] | undefined): boolean {
  if (least === undefined) return true;
  const [major = 0, minor = 0] = version.split('.').map((digits) => Number.parseInt(digits, 10));
  return major > least[0] || (major === least[0] && minor >= least[1]);
}
