import { Problem } from '../../platform/problem.js';

/** Names that TextDecoder knows, as the WHATWG Encoding Standard lists them: https://encoding.spec.whatwg.org/#names-and-labels */
export function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== 'replacement';
  } catch {
    return false;
  }
}

/** The encodings that are tried for a file that is not UTF-8; the first wins a tie. */
const likely = ['windows-1252', 'windows-1250', 'windows-1251', 'macintosh', 'iso-8859-2', 'windows-1253', 'windows-1254'] as const;

/** The evidence about a file's encoding from its bytes, fed chunk by chunk. */
export class EncodingEvidence {
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private head = Buffer.alloc(0);
  private size = 0;
  private line = 1;
  private evenNuls = 0;
  private oddNuls = 0;
  private beyondAscii = false;
  /** The first line that is not UTF-8, and its first byte that is not ASCII. */
  private invalidAt: { readonly line: number; readonly byte: number } | undefined;
  /** Pieces of the file around non-ASCII bytes, to try other encodings. */
  private readonly samples: Buffer[] = [];

  add(chunk: Buffer): void {
    if (this.head.length < 16) this.head = Buffer.concat([this.head, chunk]).subarray(0, 16);
    this.countNuls(chunk);
    if (this.invalidAt === undefined) this.tryUtf8(chunk);
    this.sample(chunk);
    this.size += chunk.length;
  }

  /** Called after the last chunk: a character may be cut off at the end. */
  end(): void {
    if (this.invalidAt !== undefined) return;
    try {
      this.utf8.decode();
    } catch {
      this.invalidAt = { line: this.line, byte: 0 };
    }
  }

  /**
   * The encoding of the file.
   * @param said the encoding in the mapping
   * @throws Problem('invalid') if it is not text, if it contradicts the mapping, or if it cannot be determined
   */
  decide(said: string | undefined): string {
    const kind = notText.find(({ magic }) => this.head.subarray(0, magic.length).equals(Buffer.from(magic)));
    if (kind !== undefined) throw new Problem('invalid', `The file is not CSV but ${kind.what}`, [], kind.remedy);
    const marked = marks.find(({ mark }) => this.head.subarray(0, mark.length).equals(Buffer.from(mark)))?.encoding;
    if (marked === 'utf-32') throw refused('The file is in UTF-32, which is not read', 'Save it as CSV in UTF-8.');
    // A byte order mark proves it, also for a file that was saved again after the mapping was written.
    const known = marked ?? (said === undefined ? undefined : new TextDecoder(said).encoding);
    const wide = this.wide();
    if (known === 'utf-8' && this.invalidAt !== undefined) throw this.notUtf8('The file is not in UTF-8 as it says');
    if (known?.startsWith('utf-16') === true) return known;
    if (wide !== undefined && marked === undefined) {
      if (known === undefined && wide !== 'nul') return wide;
      const what = wide === 'nul' ? 'is not text: it contains characters U+0000' : `is in ${wide}, and the mapping says ${said ?? ''}`;
      throw refused(`The file ${what}`, wide === 'nul' ? 'Save it as CSV in UTF-8.' : `Write encoding: ${wide} in the mapping.`);
    }
    if (known === undefined && this.invalidAt === undefined) return 'utf-8';
    if (known === undefined) throw this.notUtf8('The file is not in UTF-8');
    if (known !== 'utf-8' && this.invalidAt === undefined && this.beyondAscii) {
      throw refused(`The file is in UTF-8, and the mapping says ${said ?? ''}`, 'Take the line encoding: out of the mapping.');
    }
    return known;
  }

  /** The most likely encoding, also without a statement; for a proposal that a person checks. */
  guess(): string {
    try {
      return this.decide(undefined);
    } catch (error) {
      if (this.invalidAt === undefined) throw error;
      return this.likeliest();
    }
  }

  private tryUtf8(chunk: Buffer): void {
    try {
      this.utf8.decode(chunk, { stream: true });
      this.line += countOf(chunk, newline);
    } catch {
      this.invalidAt = this.findInvalidByte(chunk);
    }
  }

  private findInvalidByte(chunk: Buffer): { line: number; byte: number } {
    let line = this.line;
    for (let start = 0; start < chunk.length; line++) {
      const end = chunk.indexOf(newline, start);
      const piece = chunk.subarray(start, end < 0 ? chunk.length : end);
      // The first piece may begin within a character, and the last one end within one.
      if (!isUtf8(piece) && (start > 0 || this.size === 0 || end < 0)) return { line, byte: piece.find((byte) => byte > 0x7f) ?? 0 };
      if (end < 0) break;
      start = end + 1;
    }
    return { line, byte: chunk.find((byte) => byte > 0x7f) ?? 0 };
  }

  private countNuls(chunk: Buffer): void {
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) {
      if ((this.size + at) % 2 === 0) this.evenNuls++;
      else this.oddNuls++;
    }
  }

  /** Latin text in UTF-16 has a NUL in every other place. */
  private wide(): 'utf-16le' | 'utf-16be' | 'nul' | undefined {
    // A few are errors of their rows.
    if (this.evenNuls + this.oddNuls <= this.size / 20) return undefined;
    const least = this.size / 5;
    if (this.oddNuls > least && this.evenNuls < this.oddNuls / 20) return 'utf-16le';
    if (this.evenNuls > least && this.oddNuls < this.evenNuls / 20) return 'utf-16be';
    return 'nul';
  }

  private sample(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at++) {
      if ((chunk[at] ?? 0) < 0x80) continue;
      this.beyondAscii = true;
      if (this.samples.length === mostSamples) return;
      this.samples.push(Buffer.from(chunk.subarray(Math.max(0, at - 12), at + 24)));
      at += 24;
    }
  }

  private likeliest(): string {
    const scores = likely.map((encoding) => {
      const decoder = new TextDecoder(encoding);
      return { encoding, score: this.samples.reduce((sum, sample) => sum + plausibility(decoder.decode(sample)), 0) };
    });
    return scores.reduce((best, each) => (each.score > best.score ? each : best)).encoding;
  }

  private notUtf8(title: string): Problem {
    const { line, byte } = this.invalidAt ?? { line: 1, byte: 0 };
    const best = this.likeliest();
    const alternatives = likely.filter((encoding) => encoding !== best).slice(0, 2);
    const reads = [best, ...alternatives].map((encoding) => `${character(byte, encoding)} in ${encoding}`).join(', ');
    const what =
      byte === 0 ? 'a character is cut off' : `the byte ${byte.toString(16).toUpperCase()} is no character of UTF-8; it would be ${reads}`;
    return new Problem(
      'invalid',
      title,
      [{ where: `line ${line}`, what }],
      `Nothing was imported. It looks like ${best}: write encoding: ${best} in the mapping if that is right, or save the file in UTF-8.`,
    );
  }
}

const newline = 0x0a;
const mostSamples = 500;

const marks = [
  { mark: [0xff, 0xfe, 0, 0], encoding: 'utf-32' },
  { mark: [0, 0, 0xfe, 0xff], encoding: 'utf-32' },
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

const workbook = { what: 'a spreadsheet workbook', remedy: 'Save it as CSV first ("CSV UTF-8" in Excel).' };
const notText = [
  { magic: [0x50, 0x4b, 0x03, 0x04], ...workbook },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], ...workbook },
  { magic: [0x25, 0x50, 0x44, 0x46], what: 'a PDF', remedy: 'Export the data as CSV.' },
  { magic: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', remedy: 'Export the data as CSV.' },
] as const;

const refused = (title: string, remedy: string): Problem => new Problem('invalid', title, [], `Nothing was imported. ${remedy}`);

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function countOf(bytes: Buffer, wanted: number): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count++;
  return count;
}

function character(byte: number, encoding: string): string {
  const text = new TextDecoder(encoding).decode(Uint8Array.of(byte));
  return /\p{Cc}|\ufffd/u.test(text) ? 'nothing' : text;
}

/** How much a decoded piece looks like words: letters in usual places, no capitals or signs within a word. */
function plausibility(text: string): number {
  let score = 0;
  for (const [word] of text.matchAll(/[^\s,;|"\t]+/gu)) {
    if (!/[^\0-\x7f]/u.test(word)) continue;
    if (/[\p{Cc}\ufffd]/u.test(word)) score -= 5;
    if (/\p{Ll}\p{Lu}|\p{L}[^\p{L}\p{M}\p{N}'’.@–-]\p{L}/u.test(word)) score -= 2;
    if (
      /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}|\p{Script=Latin}\p{Script=Greek}|\p{Script=Greek}\p{Script=Latin}/u.test(
        word,
      )
    )
      score -= 3;
    if (/[\u00c0-\u024f]{3}/u.test(word)) score -= 2;
    if (/^[\p{L}\p{M}'’.-]+$/u.test(word)) score += 1;
  }
  return score;
}
