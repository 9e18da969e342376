import { encode, wrap } from 'nodemailer/lib/qp';

/** The most cached encodings. */
const mostKept = 2_000;
const kept = new Map<string, string>();

/**
 * A text as quoted-printable (RFC 2045, 6.7), piece by piece, with a soft line break between two that share a line. No line begins with a
 * dot, which would have to be doubled in SMTP, so lines are two characters shorter than 76 before dots are encoded. Most of a mail comes
 * from its template and is the same in the next one: it is encoded once and cached, until the cache is full and emptied.
 */
export function quotedPrintable(pieces: readonly string[]): string {
  let written = '';
  let before = '';
  for (const piece of pieces) {
    if (piece === '') continue;
    if (before !== '' && !before.endsWith('\n')) written += '=\r\n';
    before = encodePiece(piece);
    written += before;
  }
  return written;
}

/** Text that needs no encoding: printable ASCII except "=", without a space at the end. Most names and links are such texts. */
const plain = /^[!-<>-~ ]*[!-<>-~]$/;
const stretches = /.{1,73}/g;

function encodePiece(piece: string): string {
  if (plain.test(piece)) return undotted(piece.length < 74 ? piece : (piece.match(stretches) ?? []).join('=\r\n'));
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const lines = piece.split(/\r\n|\r|\n/).map((line) => wrap(encode(line), 74));
  const encoded = undotted(lines.join('\r\n'));
  if (kept.size >= mostKept) kept.clear();
  // A copy: a substring would keep the whole longer text in memory.
  kept.set(Buffer.from(piece).toString(), encoded);
  return encoded;
}

function undotted(lines: string): string {
  return lines.replace(/^\./gm, '=2E');
}
