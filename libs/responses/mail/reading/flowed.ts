/** How a mail with paragraphs that flow (RFC 3676) is read. */
export interface Flowed {
  /** The same mail to a parser that would join lines across the end of a quote. */
  readonly fixed: Buffer;
  /** Joins the lines of its text. */
  readonly flow: (text: string) => string;
}

const named = /([;\s])format(\s*=\s*"?flowed\b)/gi;
const signature = '-- ';

/**
 * Takes the flowing of lines from the parser, whose own joins a quoted line with the answer below it. RFC 3676, section 4.5:
 * only lines of the same depth of quotes are one paragraph.
 */
export function readFlowed(raw: Buffer): Flowed {
  // One character for each byte: nothing is decoded, and bytes outside ASCII do not change.
  const bytes = raw.toString('latin1');
  const fixed = bytes.replace(named, '$1x-form$2');
  if (fixed === bytes) return { fixed: raw, flow: (text) => text };
  const delSp = /[;\s]delsp\s*=\s*"?yes\b/i.test(bytes);
  return { fixed: Buffer.from(fixed, 'latin1'), flow: (text) => flow(text, delSp) };
}

function flow(text: string, delSp: boolean): string {
  const paragraphs: string[][] = [];
  let [depth, open] = [-1, false];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const marks = /^>*/.exec(line)?.[0] ?? '';
    const words = line.slice(marks.length).replace(/^ /, '');
    const goesOn = open && marks.length === depth && words !== signature;
    if (!goesOn) paragraphs.push(marks === '' ? [] : [`${marks} `]);
    depth = marks.length;
    open = words.endsWith(' ') && words !== signature;
    paragraphs.at(-1)?.push(open && delSp ? words.slice(0, -1) : words);
  }
  return paragraphs.map((pieces) => pieces.join('')).join('\n');
}
