import { createHash } from 'node:crypto';
import PostalMime, { type Email } from 'postal-mime';
import { readFieldGroups, type Fields } from '../../../platform/mail-fields.js';
import type { WrittenMail } from '../../visible-text.js';
import { htmlText } from '../../visible-text/html-lines.js';
import { readFlowed } from './flowed.js';

/** The needed parts of an incoming mail. */
export interface IncomingMail {
  /** A hash of the Message-ID, into which some programs write whose mail it is; of the whole mail if it has none. */
  readonly id: string;
  readonly subject: string;
  /** Header values by lower-case name (the first of each), and the envelope's sender as `return-path`. */
  readonly headers: Readonly<Record<string, string>>;
  /** All its words, including quotes. */
  readonly text: string;
  readonly body: WrittenMail;
  readonly report: ReportParts;
}

/** The parts of a mail that is a report (RFC 6522). */
export interface ReportParts {
  /** The machine-readable part of a delivery report (RFC 3464). */
  readonly deliveryStatus: string | undefined;
  /** The machine-readable part of a feedback report (RFC 5965). */
  readonly feedback: string | undefined;
  /** The headers of the mail that it is about. */
  readonly returned: Fields | undefined;
  /** The returned mail in any other form: the beginning of the text and of every part with words. */
  readonly traces: string;
}

/** A part of a mail, by its media type. */
export interface MailPart {
  readonly mimeType: string;
  readonly content: Buffer;
}

/** A mail that the provider has parsed. */
export interface ParsedMail {
  readonly headers: Fields;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly parts: readonly MailPart[];
}

/** The most bytes of a mail, with attachments. */
export const longestMail = 5 * 1024 * 1024;
/**
 * Bytes and lines that are parsed: words and reports come before attachments. A parser that takes microseconds a line would
 * stand still for a mail of a million of them, and everything else with it.
 */
const longestParsed = 1024 * 1024;
const mostLines = 5_000;
/** Bytes of all its headers, those of its parts included. */
const longestHeaders = 128 * 1024;

/**
 * Parses the needed part of a mail.
 * @param sender of the envelope; empty for the null return path
 */
export async function readMail(raw: Buffer, sender: string): Promise<IncomingMail> {
  const { fixed, flow } = readFlowed(withLines(beginningOf(raw)));
  const mail = await PostalMime.parse(fixed, {
    maxNestingDepth: 30,
    maxHeadersSize: longestHeaders,
    attachmentEncoding: 'arraybuffer',
    forceRfc822Attachments: true,
  });
  const headers = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, value);
  const { subject = '', html } = mail;
  const text = mail.text ?? (html === undefined && mail.attachments.length === 0 ? bodyOf(fixed) : undefined);
  const parts = mail.attachments.map(partOf);
  return readParsedMail({ headers, subject, text: text === undefined ? undefined : flow(text), html, parts }, sender, raw);
}

/** Some old systems end their lines with CR alone. */
function withLines(raw: Buffer): Buffer {
  const head = raw.toString('latin1', 0, 4_000);
  if (/\n[^\r\n]{1,200}\n|^[^\r]{0,2000}\r?\n[^\r\n]/.test(head)) return raw;
  return Buffer.from(raw.toString('latin1').replace(/\r\n?/g, '\n'), 'latin1');
}

/** If no part was found, as behind a wrong boundary: all that stands below the headers. */
function bodyOf(raw: Buffer): string {
  const [, body = ''] = /\r?\n\r?\n([\s\S]*)/.exec(raw.subarray(0, longestReturned).toString('utf8')) ?? [];
  return body;
}

function beginningOf(raw: Buffer): Buffer {
  let end = 0;
  for (let line = 0; line < mostLines && end < longestParsed; line++) {
    const next = raw.indexOf('\n', end);
    if (next < 0) return raw.subarray(0, longestParsed);
    end = next + 1;
  }
  return raw.subarray(0, Math.min(end, longestParsed));
}

/**
 * The same for a mail that came in parsed fields.
 * @param whole what identifies it if it has no Message-ID
 */
export function readParsedMail({ headers, subject, text, html, parts }: ParsedMail, sender: string, whole: Buffer): IncomingMail {
  return {
    id: createHash('sha256')
      .update(headers.get('message-id') ?? whole)
      .digest('hex'),
    subject,
    headers: { ...Object.fromEntries(headers), 'return-path': `<${sender}>` },
    text: text ?? htmlText(html ?? ''),
    body: { text, html },
    report: reportOf(parts, `${text ?? ''}\n${html ?? ''}`),
  };
}

/** The media types of what a report is made of. */
export const reportTypes = {
  deliveryStatus: ['message/delivery-status', 'message/global-delivery-status'],
  feedback: ['message/feedback-report'],
  returned: ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'],
} as const;

/** The rest of the returned mail is not read: its headers come first. */
const longestReturned = 64_000;

function reportOf(parts: readonly MailPart[], body: string): ReportParts {
  const find = (types: readonly string[]): string | undefined =>
    parts
      .find(({ mimeType }) => types.includes(mimeType.toLowerCase()))
      ?.content.subarray(0, longestReturned)
      .toString('utf8');
  const returned = find(reportTypes.returned);
  return {
    deliveryStatus: find(reportTypes.deliveryStatus),
    feedback: find(reportTypes.feedback),
    returned: returned === undefined ? undefined : readFieldGroups(returned)[0],
    traces: [
      body.slice(0, longestReturned),
      ...parts
        .filter(({ mimeType }) => /^(text|message)\//i.test(mimeType))
        .slice(0, 5)
        .map(({ content }) => content.subarray(0, longestReturned).toString('utf8')),
    ].join('\n'),
  };
}

function partOf({ mimeType, content }: Email['attachments'][number]): MailPart {
  return { mimeType, content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array) };
}
