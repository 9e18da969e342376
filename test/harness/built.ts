import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const place = join(process.cwd(), '.perennial', 'built');
const sources = ['apps', 'workflows', 'activities', 'libs', 'config', 'test', 'bench', 'package-lock.json', '.swcrc'];
/** Builds of other states of the sources are kept this long: an earlier run may use them. */
const keptMs = 24 * 3_600_000;

/** The builds, as in package.json, but into a separate folder. */
const builds = {
  /** The compiled processes with the workflow bundle. */
  server: async (folder: string): Promise<void> => {
    await npx('swc', 'apps', 'workflows', 'activities', 'libs', 'config', 'test', 'bench', '-d', folder, '--quiet');
    await run(process.execPath, [join(folder, 'apps', 'worker', 'src', 'bundle.js')]);
  },
  console: async (folder: string): Promise<void> => {
    await npx('vite', 'build', 'apps/console', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn');
  },
};

/**
 * Builds what specs start as processes or show in a browser, unless it was built from the same sources before.
 * @returns the folder, named after a hash of the sources
 */
export async function built(name: keyof typeof builds): Promise<string> {
  const folder = join(place, `${name}-${await stampOfSources()}`);
  if (await exists(folder)) return folder;
  await removeOld();
  await mkdir(place, { recursive: true });
  // Made beside its place and moved there in one step, so that a crash or a second run leaves no incomplete build.
  const workshop = await mkdtemp(`${folder}.`);
  try {
    await builds[name](workshop);
    await rename(workshop, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function npx(program: string, ...args: string[]): Promise<void> {
  await run(join('node_modules', '.bin', program), args);
}

async function stampOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const files = (await stat(source)).isFile() ? [source] : await filesBelow(source);
    for (const file of files) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const folder = join(place, name);
    const { mtimeMs } = await stat(folder);
    if (mtimeMs < Date.now() - keptMs) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
