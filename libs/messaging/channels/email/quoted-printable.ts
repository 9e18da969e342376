import { encode, wrap } from 'nodemailer/lib/qp';

/** Lines that are kept as encoded. */
const mostKept = 2_000;
const kept = new Map<string, string>();

/**
 * A text as quoted-printable (RFC 2045, 6.7), line by line. Most lines of a mail are its template's and come again with the
 * next one: each is encoded once, until so many others have come that all are forgotten.
 */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join('\r\n');
}

function encodeLine(line: string): string {
  const known = kept.get(line);
  if (known !== undefined) return known;
  const encoded = wrap(encode(line));
  if (kept.size >= mostKept) kept.clear();
  // A copy: a line cut out of a mail would keep all of that mail in memory.
  kept.set(Buffer.from(line).toString(), encoded);
  return encoded;
}
