import type { WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Problem, type ProblemKind } from './problem.js';
import { codeOf } from './code-of.js';

/**
 * Opens a file to write to, emptied, for its owner alone. Open it before the work whose result it takes, so that a path that cannot be
 * written stops nothing half-way.
 * @returns a stream; the caller handles its errors with `unwritable`
 * @throws Problem if it cannot be written
 */
export async function openOutputFile(path: string): Promise<WriteStream> {
  try {
    return (await open(path, 'w', 0o600)).createWriteStream();
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What to report for a file that cannot be written; other errors stay as they are. */
export function unwritable(path: string, error: unknown): unknown {
  const code = codeOf(error);
  const known = errors[code];
  return known === undefined ? error : new Problem(known.kind, 'The file cannot be written', [{ where: path, what: known.what }]);
}

const errors: Readonly<Record<string, { readonly kind: ProblemKind; readonly what: string }>> = {
  ENOENT: { kind: 'not-found', what: 'its folder does not exist' },
  ENOTDIR: { kind: 'not-found', what: 'part of its path is not a folder' },
  EISDIR: { kind: 'invalid', what: 'it is a folder' },
  EACCES: { kind: 'forbidden', what: 'it is not writable for this user' },
  EPERM: { kind: 'forbidden', what: 'it is not writable for this user' },
  EROFS: { kind: 'forbidden', what: 'the disk is read-only' },
  ENOSPC: { kind: 'unavailable', what: 'the disk is full' },
  EDQUOT: { kind: 'unavailable', what: 'the disk is full' },
};
