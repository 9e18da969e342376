import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** YAML texts by their path in the folder that people edit, as in `templates/save-offer/de.yaml`. */
export type Documents = ReadonlyMap<string, string>;

/** Digests of documents, by path. */
export type Digests = ReadonlyMap<string, string>;

/** The same for the same text: SHA-256 in hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function digestsOf(documents: Documents): Digests {
  return new Map([...documents].map(([path, text]) => [path, digestOf(text)]));
}

/** How a document differs between two publications, or between one and a folder. */
export interface DocumentChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** What is different after, by path. */
export function changesBetween(before: Digests, after: Digests): DocumentChange[] {
  const added = [...after.keys()].filter((path) => !before.has(path)).map((path) => ({ path, change: 'added' as const }));
  const removed = [...before.keys()].filter((path) => !after.has(path)).map((path) => ({ path, change: 'removed' as const }));
  const changed = [...after]
    .filter(([path, digest]) => before.has(path) && before.get(path) !== digest)
    .map(([path]) => ({ path, change: 'changed' as const }));
  return [...added, ...removed, ...changed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const marks: Readonly<Record<DocumentChange['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** One line for a person: `~ templates/save-offer/de.yaml`. */
export function describeChange({ path, change }: DocumentChange): string {
  return `${marks[change]} ${path}`;
}

/**
 * Reads the YAML files of a folder, those in folders within it too.
 * @param wanted which paths to read; all, unless said otherwise
 */
export async function readDocuments(dir: string, wanted: (path: string) => boolean = () => true): Promise<Documents> {
  const names = (await readdir(dir, { recursive: true })).map((name) => name.split(sep).join('/'));
  const paths = names.filter((name) => name.endsWith('.yaml') && wanted(name)).sort();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path), 'utf8')] as const)));
}

/** The documents below a folder, by their path in it. */
export function below(folder: string, documents: Documents): Documents {
  const prefix = `${folder}/`;
  return new Map([...documents].flatMap(([path, text]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), text]] : [])));
}
