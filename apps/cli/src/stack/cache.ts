import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * A program in the cache, fetched once. It is unpacked beside its place and moved there in one step, so that a crash, or a second process
 * that fetches the same, leaves no incomplete program.
 * @param directory the place in the cache, named after project, version and platform
 * @param program the file's name, anywhere in the unpacked files
 * @param fetch unpacks into the directory that it is given
 * @returns the path of the program, executable (archives of this kind lose the bit)
 */
export async function cached(directory: string, program: string, fetch: (into: string) => Promise<void>): Promise<string> {
  const path = join(directory, program);
  if (await exists(path)) return path;
  await mkdir(dirname(directory), { recursive: true });
  const workshop = await mkdtemp(`${directory}.`);
  try {
    await fetch(workshop);
    const inside = (await readdir(workshop, { recursive: true, withFileTypes: true })).find(
      (entry) => entry.isFile() && entry.name === program,
    );
    if (inside === undefined) throw new Error(`${basename(directory)} contains no ${program}`);
    const unpacked = join(inside.parentPath, inside.name);
    await chmod(unpacked, 0o755);
    await mkdir(directory, { recursive: true });
    await rename(unpacked, path);
    return path;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
