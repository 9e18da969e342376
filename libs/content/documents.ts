import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { codeOf } from '../platform/code-of.js';
import { decodeUtf8, whyFileUnreadable } from '../platform/written-file.js';

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

/** The changes, by path. */
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
 * @param wanted which paths to read; all by default
 * @throws Problem invalid with every file that cannot be read, and every file that looks like a document and is not one
 */
export async function readDocuments(dir: string, wanted: (path: string) => boolean = () => true): Promise<Documents> {
  const names = (await readdir(dir, { recursive: true })).map((name) => name.split(sep).join('/'));
  const paths = names.filter((name) => name.endsWith('.yaml') && wanted(name)).sort();
  const read = await Promise.all(paths.map((path) => readDocument(join(dir, path), path)));
  const places = [...read.filter((each) => 'what' in each), ...misplaced(names, paths, wanted)];
  if (places.length > 0) throw new Problem('invalid', `Files of ${dir} cannot be used`, places);
  return new Map(read.flatMap((each) => ('text' in each ? [[each.path, each.text] as const] : [])));
}

async function readDocument(file: string, path: string): Promise<{ readonly path: string; readonly text: string } | ProblemPlace> {
  try {
    return { path, text: decodeUtf8(await readFile(file)) };
  } catch (error) {
    return { where: path, what: ofFolders[codeOf(error)] ?? whyFileUnreadable(error) };
  }
}

/** What a file of a folder may be that nobody named. */
const ofFolders: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder: give it a name that does not end in .yaml',
  ENOENT: 'is a link to a file that does not exist: remove the link, or put the file there',
};

/** Files that would be ignored silently: a file with the ending .yml, and a file in a folder of documents that is not a document. */
function misplaced(names: readonly string[], paths: readonly string[], wanted: (path: string) => boolean): ProblemPlace[] {
  const folders = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/', 1)[0]));
  return names.flatMap((where) => {
    const path = where.replace(/\.yml$/, '.yaml');
    if (path !== where && wanted(path)) return [{ where, what: `has to be named ${path}` }];
    const isStray = path.endsWith('.yaml') && !wanted(path) && where.includes('/') && folders.has(where.split('/', 1)[0]);
    return isStray ? [{ where, what: 'lies where no document is looked for: move or remove it' }] : [];
  });
}

/** The documents below a folder, by their path in it. */
export function below(folder: string, documents: Documents): Documents {
  const prefix = `${folder}/`;
  return new Map([...documents].flatMap(([path, text]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), text]] : [])));
}
