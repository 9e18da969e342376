import { readFile } from 'node:fs/promises';
import { codeOf } from './code-of.js';
import { messageOf } from './message-of.js';
import { Problem } from './problem.js';

/** Bytes that are not the text that they should be. The message is the end of a sentence whose subject is the file. */
class NotUtf8 extends Error {}

/**
 * Decodes UTF-8, and never puts U+FFFD in: two different texts would become the same. A byte order mark stays.
 * @throws Error whose message says if it is no UTF-8, and what to do
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotUtf8(`is not valid UTF-8 ${whereNot(bytes)}: save it as UTF-8`);
  }
}

/** The line and the byte, both from 1, of the first character that is no UTF-8. */
function whereNot(bytes: Uint8Array): string {
  let [valid, invalid] = [0, bytes.length + 1];
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isUtf8(bytes.subarray(0, middle), true)) valid = middle;
    else invalid = middle;
  }
  // The beginning of a character that is never completed is valid so far.
  while (!isUtf8(bytes.subarray(0, valid), false)) valid -= 1;
  const line = bytes.subarray(0, valid).filter((byte) => byte === newLine).length + 1;
  return `in line ${String(line)} (byte ${String(valid + 1)})`;
}

const newLine = 10;

/** @param stream whether the bytes may end within a character */
function isUtf8(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

/** What keeps a file from being read as text, as the end of a sentence whose subject is the file. */
export function whyFileUnreadable(error: unknown): string {
  if (error instanceof NotUtf8) return error.message;
  return reasons[codeOf(error)] ?? `cannot be read (${messageOf(error)})`;
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder: name a file',
  EACCES: 'cannot be read (permission denied): allow this user to read it',
};

/**
 * The text of a file that a person wrote and named.
 * @param called what it should be, as in `import mapping`
 * @throws Problem not-found, and Problem invalid if it cannot be read or is not UTF-8
 */
export async function readWrittenFile(path: string, called: string): Promise<string> {
  try {
    return decodeUtf8(await readFile(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Problem('not-found', `There is no ${called} ${path}`);
    throw new Problem('invalid', `The ${called} cannot be read`, [{ where: path, what: whyFileUnreadable(error) }]);
  }
}
