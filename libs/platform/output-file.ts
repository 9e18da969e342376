import type { WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Problem, type ProblemKind } from './problem.js';
import { codeOf } from './code-of.js';

/**
 * Opens a file to write to, emptied, for its owner alone. Open it before the work whose outcome it takes, so that a path that
 * cannot be written ends nothing half-way.
 * @returns a stream; its errors are for the caller, by unwritable
 * @throws Problem where it cannot be written
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
  ENOTDIR: { kind: 'not-found', what: 'its folder is no folder' },
  EISDIR: { kind: 'invalid', what: 'it is a folder' },
  EACCES: { kind: 'forbidden', what: 'it may not be written' },
  EPERM: { kind: 'forbidden', what: 'it may not be written' },
  EROFS: { kind: 'forbidden', what: 'the disk may only be read' },
  ENOSPC: { kind: 'unavailable', what: 'the disk is full' },
  EDQUOT: { kind: 'unavailable', what: 'the disk is full' },
};
