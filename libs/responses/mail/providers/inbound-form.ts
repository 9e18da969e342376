import busboy from 'busboy';
import { Problem } from '../../../platform/problem.js';
import type { HookCall } from './inbound-adapter.js';
import { longestMail, reportTypes, type MailPart } from '../reading/read-mail.js';

/** A form with a mail in it. */
export interface MailForm {
  /** @returns undefined if the form has no such field */
  bytes(name: string): Buffer | undefined;
  /** @param charset of the field, where the provider gives it; else UTF-8 */
  text(name: string, charset?: string): string | undefined;
  /** The files that are parts of a report; no other is kept. */
  readonly parts: readonly MailPart[];
}

const limits = { fieldNameSize: 100, fieldSize: longestMail, fields: 100, fileSize: 256 * 1024, files: 50, parts: 150, headerPairs: 50 };
const kept: readonly string[] = Object.values(reportTypes).flat();

/** Reads a form, multipart or urlencoded; of a field that is there twice the first. @throws Problem invalid, too-large */
export async function readMailForm({ body, headers }: HookCall): Promise<MailForm> {
  const fields = new Map<string, Buffer>();
  const parts: MailPart[] = [];
  await new Promise<void>((resolve, reject) => {
    const invalid = (): void => reject(new Problem('invalid', 'The form cannot be read'));
    const tooLarge = (): void => reject(new Problem('too-large', 'The form is larger than a mail may be'));
    const parser = parserOf(headers['content-type']);
    if (parser === undefined) {
      invalid();
      return;
    }
    parser.on('field', (name, value, { valueTruncated, nameTruncated }) => {
      if (valueTruncated || nameTruncated) tooLarge();
      if (!fields.has(name)) fields.set(name, bytesOf(value));
    });
    parser.on('file', (_name, file, { mimeType }) => {
      const chunks: Buffer[] = [];
      if (kept.includes(mimeType)) file.on('data', (chunk: Buffer) => chunks.push(chunk));
      else file.resume();
      file.on('error', invalid);
      file.on('end', () => (chunks.length > 0 ? parts.push({ mimeType, content: Buffer.concat(chunks) }) : undefined));
    });
    for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const) parser.on(limit, tooLarge);
    parser.on('error', invalid);
    parser.on('close', resolve);
    parser.end(body);
  });
  return { bytes: (name) => fields.get(name), text: (name, charset) => decode(fields.get(name), charset), parts };
}

/** Fields come as bytes (`latin1` maps each to a character of its own), as each may be in a charset of its own. */
function parserOf(contentType: string | undefined): busboy.Busboy | undefined {
  const defCharset = contentType?.startsWith('multipart/') === true ? 'latin1' : 'utf8';
  try {
    return busboy({ headers: { 'content-type': contentType }, limits, defCharset });
  } catch {
    return undefined;
  }
}

/** A value that was decoded nevertheless, by a charset that its part named, goes back to UTF-8. */
function bytesOf(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return bytes.toString('latin1') === value ? bytes : Buffer.from(value, 'utf8');
}

function decode(bytes: Buffer | undefined, charset = 'utf-8'): string | undefined {
  if (bytes === undefined) return undefined;
  for (const label of [charset, 'utf-8']) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      // Another label, or none that fits: then as bytes.
    }
  }
  return bytes.toString('latin1');
}
