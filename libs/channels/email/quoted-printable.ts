import { encode, wrap } from 'nodemailer/lib/qp';

/** Pieces that are kept as encoded. */
const mostKept = 2_000;
const kept = new Map<string, string>();

/**
 * A text as quoted-printable (RFC 2045, 6.7), piece by piece, with a soft line break between two that share a line. No
 * line of it begins with a dot, which SMTP would want doubled; so lines are two short of 76 before theirs are encoded. Most
 * of a mail is its template's and comes again with the next one: it is encoded once, until so many other pieces have come
 * that all are forgotten.
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

/** What stands for itself: printable ASCII but "=", without a blank that would end a line. Names and links mostly do. */
const plain = /^[!-<>-~ ]*[!-<>-~]$/;
const stretches = /.{1,73}/g;

function encodePiece(piece: string): string {
  if (plain.test(piece)) return undotted(piece.length < 74 ? piece : (piece.match(stretches) ?? []).join('=\r\n'));
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const lines = piece.split(/\r\n|\r|\n/).map((line) => wrap(encode(line), 74));
  const encoded = undotted(lines.join('\r\n'));
  if (kept.size >= mostKept) kept.clear();
  // A copy: a piece cut out of a longer text would keep all of that in memory.
  kept.set(Buffer.from(piece).toString(), encoded);
  return encoded;
}

function undotted(lines: string): string {
  return lines.replace(/^\./gm, '=2E');
}
