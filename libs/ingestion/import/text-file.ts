import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdtemp, open as openFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Problem } from '../../platform/problem.js';
import { EncodingEvidence } from './file-encoding.js';
import { codeOf } from '../../platform/code-of.js';

/** Where a file comes from: a path (gzip is unpacked), or its bytes as a stream. */
export type ImportSource = { readonly path: string } | { readonly stream: Readable };

/** A file whose encoding is known. */
export interface TextFile {
  readonly encoding: string;
  /** Its text, piece by piece, without a mark at the beginning. May be read any number of times. */
  readonly read: () => AsyncGenerator<string>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a file as text. It is read once to its end, so that a file that cannot be unpacked or has the wrong encoding is refused before
 * anything is done with it. A stream is kept in a temporary file until it is closed.
 * @param encodingOf decides the encoding, given the evidence
 * @throws Problem('invalid') if it is not text, Problem('not-found') if there is no such file
 */
export async function openTextFile(source: ImportSource, encodingOf: (evidence: EncodingEvidence) => string): Promise<TextFile> {
  if ('path' in source) return { ...(await openText(source.path, encodingOf)), close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'perennial-import-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'file.csv');
    await pipeline(source.stream, createWriteStream(path, { mode: 0o600 }));
    return { ...(await openText(path, encodingOf)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openText(path: string, encodingOf: (evidence: EncodingEvidence) => string): Promise<Omit<TextFile, 'close'>> {
  const evidence = new EncodingEvidence();
  for await (const chunk of bytesOf(path)) evidence.add(chunk);
  evidence.end();
  const encoding = encodingOf(evidence);
  const file = { encoding, read: () => decoded(path, encoding) };
  // UTF-8 is already proven; other encodings have some bytes without a meaning.
  if (encoding !== 'utf-8') await readToEnd(file.read());
  return file;
}

async function readToEnd(pieces: AsyncGenerator<string>): Promise<void> {
  while ((await pieces.next()).done !== true);
}

async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new Problem(
        'invalid',
        `The file is not in ${encoding}`,
        [],
        'Nothing was imported. Say another encoding: in the mapping, or save the file in UTF-8.',
      );
    }
  };
  for await (const chunk of bytesOf(path)) yield decode(chunk);
  yield decode();
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  let file: ReadStream | undefined;
  try {
    const packed = await isGzip(path);
    file = createReadStream(path);
    const bytes = packed ? file.pipe(createGunzip()) : file;
    file.on('error', (error) => bytes.destroy(error));
    for await (const chunk of bytes) yield chunk as Buffer;
  } catch (error) {
    throw asProblem(error);
  } finally {
    file?.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** What to report for a file that cannot be read; other errors stay as they are. */
function asProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOENT') return new Problem('not-found', 'There is no such file');
  if (code === 'EISDIR') return new Problem('invalid', 'This is a folder, not a file');
  if (code === 'EACCES') return new Problem('forbidden', 'You have no permission to read this file');
  if (code.startsWith('Z_'))
    return new Problem(
      'invalid',
      'The file cannot be unpacked',
      [{ where: 'the file', what: 'it is not gzip, or it is cut off' }],
      'Nothing was imported.',
    );
  return error;
}
