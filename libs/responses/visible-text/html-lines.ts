import { Parser } from 'htmlparser2';
import { attributes, clients, indent, type Meaning } from './html-clients.js';
import { longestText, mostLines, plain, type Line } from './line.js';

/** An element that is open. */
interface Open {
  readonly name: string;
  readonly meaning: Meaning | undefined;
  /** A quote inside it has ended: the following text is the writer's again. */
  over: boolean;
}

/** Nobody writes at a greater depth, and the parser's work grows with the depth. */
const deepest = 300;
const piece = 4_096;
const longestMarkup = 400_000;
const unread = new Set(['style', 'script', 'head', 'title', 'template', 'noscript', 'object', 'select', 'textarea', 'svg']);
const blocks = new Set(
  'address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
/** Elements that are shown with empty lines around them. */
const spaced = new Set(['p', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'table']);

/** The lines of a mail's HTML as they are shown, with what each program marks as quoted. */
export function readHtml(markup: string): Line[] {
  const reader = new Reader();
  const parser = new Parser(reader, { decodeEntities: true, lowerCaseTags: true });
  const text = markup.slice(0, longestMarkup);
  for (let at = 0; at < text.length && !reader.full; at += piece) parser.write(text.slice(at, at + piece));
  if (!reader.full) parser.end();
  return reader.finish();
}

/** All words of a mail's HTML, with `>` before quotes. */
export function htmlText(markup: string): string {
  return readHtml(markup)
    .map(({ text, quoted }) => (quoted && !text.startsWith('>') ? `> ${text}` : text))
    .join('\n')
    .trim();
}

class Reader {
  full = false;
  private readonly lines: Line[] = [];
  private readonly open: Open[] = [];
  private length = 0;
  private words = '';
  /** The words end with a space, or have not begun. */
  private spaced = true;
  private quotes = 0;
  /** Words were read that no element calls quoted. */
  private spoken = false;
  private unreadDepth = 0;
  private preformatted = 0;

  onopentag(name: string, attribs: Record<string, string>): void {
    if (this.full) return;
    if (blocks.has(name)) this.breakLine(spaced.has(name));
    const known = meaningOf(name, attribs);
    const meaning = known === 'quote-before' && !this.spoken ? undefined : known;
    if (this.open.length >= deepest) this.full = true;
    this.open.push({ name, meaning, over: false });
    if (unread.has(name) || meaning === 'skip') this.unreadDepth++;
    if (meaning === 'quote' || meaning === 'quote-before') this.quotes++;
    if (name === 'pre') this.preformatted++;
    if (meaning === 'end') this.add({ end: true });
    if (meaning === 'fence' || (name === 'hr' && meaning === undefined)) this.add({ fence: true });
    if (name === 'br') this.push();
    if (name === 'td' || name === 'th') this.words += ' ';
    if (name === 'img' && this.unreadDepth === 0) this.addWords(attribs['alt']?.length === 2 ? attribs['alt'] : '');
  }

  ontext(text: string): void {
    if (this.full || this.unreadDepth > 0) return;
    this.addWords(text);
  }

  onclosetag(name: string): void {
    if (this.full) return;
    if (blocks.has(name)) this.breakLine(spaced.has(name));
    const closed = this.open.pop();
    if (closed === undefined) return;
    if (unread.has(closed.name) || closed.meaning === 'skip') this.unreadDepth--;
    if (closed.name === 'pre') this.preformatted--;
    const quoted = closed.meaning === 'quote' || (closed.meaning === 'quote-before' && !closed.over);
    if (!quoted) return;
    this.quotes--;
    if (closed.name === 'blockquote') this.endQuoteAround();
  }

  finish(): Line[] {
    this.breakLine(false);
    if (this.full) this.lines.push({ text: '', quoted: false, end: true });
    return this.lines;
  }

  /** Below the quoted mail, in the element that some programs put around it, the writer may continue. */
  private endQuoteAround(): void {
    const around = this.open.findLast(({ meaning }) => meaning === 'quote' || meaning === 'quote-before');
    if (around?.meaning !== 'quote-before' || around.over) return;
    around.over = true;
    this.quotes--;
  }

  private addWords(text: string): void {
    if (this.preformatted > 0) {
      const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
      this.words += first;
      this.spaced = false;
      for (const line of rest) {
        this.push();
        this.words += line;
      }
    } else {
      const flat = text.replace(/[\s]+/g, ' ');
      this.words += this.spaced ? flat.trimStart() : flat;
      if (flat !== '') this.spaced = flat.endsWith(' ');
    }
    this.length += text.length;
    if (this.length > longestText) this.full = true;
  }

  private breakLine(blank: boolean): void {
    if (this.words.trim() !== '') this.push();
    this.words = '';
    this.spaced = true;
    const last = this.lines.at(-1);
    if (blank && last !== undefined && (last.text !== '' || last.quoted !== this.quotes > 0)) this.add({});
  }

  private push(): void {
    const text = plain(this.words).trimEnd();
    // Hotmail and others put the marks of plain text into their HTML.
    const quoted = this.quotes > 0 || /^\s*>/.test(text);
    this.spoken ||= text !== '' && !quoted;
    this.add({ text: this.preformatted > 0 ? text : text.trimStart(), quoted });
    this.words = '';
    this.spaced = true;
  }

  private add(line: Partial<Line>): void {
    if (this.lines.length >= mostLines) this.full = true;
    else this.lines.push({ text: '', quoted: this.quotes > 0, ...line });
  }
}

function meaningOf(name: string, attribs: Record<string, string>): Meaning | undefined {
  if (name === 'blockquote') return indent.test(attribs['style'] ?? '') && attribs['type'] === undefined ? undefined : 'quote';
  const known = clients.find(
    ({ tag, by }) =>
      (tag === undefined || tag === name) &&
      Object.entries(by).some(([key, pattern]) => pattern.test(valueOf(attribs, attributes[key as keyof typeof attributes]))),
  );
  return known?.meaning;
}

const longestValue = 500;

function valueOf(attribs: Record<string, string>, name: string): string {
  return attribs[name]?.slice(0, longestValue).replace(/\bx_/g, '') ?? '';
}
