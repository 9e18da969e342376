import { headerBlockAt, isDivider, isFence } from './visible-text/header-block.js';
import { readHtml } from './visible-text/html-lines.js';
import { introductionAt } from './visible-text/introduction.js';
import { isBlank, nextFilled, type Line } from './visible-text/line.js';
import { readPlain } from './visible-text/plain-lines.js';
import { findOurs, type Ours, type SentText } from './visible-text/sent-words.js';
import { withoutSignature } from './visible-text/signature.js';

export type { SentText } from './visible-text/sent-words.js';

/** The most returned characters: nobody writes more before the point. */
const longestAnswer = 50_000;

/** The body of a mail, in the forms that it came in. */
export interface WrittenMail {
  readonly text: string | undefined;
  readonly html: string | undefined;
}

/**
 * The customer's own text in an e-mail: without the quoted mail, without the line that introduces the quote, without text that a program or
 * a signature's separator adds below. A greeting and a name belong to the customer's text.
 * @param sent the answered message, if known: its words are not the customer's, in any form of quote
 * @returns empty if the customer wrote nothing
 */
export function visibleText({ text, html }: WrittenMail, sent?: SentText): string {
  const fromText = text === undefined ? '' : ownWords(readPlain(text), sent);
  const fromHtml = html === undefined ? '' : ownWords(readHtml(html), sent);
  const own = fromText === '' || fromHtml === '' ? fromText || fromHtml : better(fromText, fromHtml);
  return own.slice(0, longestAnswer).trimEnd();
}

/**
 * Two forms of one mail have the same text. If one contains everything of the other and more, the rest is a quote without marks; otherwise
 * the HTML is used, because the writer saw it.
 */
function better(fromText: string, fromHtml: string): string {
  const [a, b] = [bare(fromText), bare(fromHtml)];
  if (a === b || b.includes(a)) return fromText;
  return fromHtml;
}

function bare(text: string): string {
  return text.replace(/<?https?:\S+|[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, '').toLowerCase();
}

/** The writer's own lines, in parts with quotes between them. */
type Stretches = Line[][];
/** Nobody writes more of them. */
const mostOwn = 1_000;

function ownWords(lines: readonly Line[], sent: SentText | undefined): string {
  const ours = sent === undefined ? undefined : findOurs(lines, sent);
  const said: string[] = [];
  for (const stretch of withoutQuotes(lines, ours, sent?.subject)) {
    const words = withoutSignature(stretch, said.length > 0);
    if (!words.every(isBlank)) said.push(joined(words));
  }
  return said.join('\n\n');
}

function joined(stretch: readonly Line[]): string {
  const first = stretch.findIndex((line) => !isBlank(line));
  const text = stretch.slice(first).map((line) => line.text.trimEnd());
  return text
    .join('\n')
    .trimEnd()
    .replace(/\n{3,}/g, '\n\n');
}

function withoutQuotes(lines: readonly Line[], ours: Ours | undefined, subject: string | undefined): Stretches {
  const stretches: Stretches = [[]];
  const isQuote = (at: number): boolean => lines[at]?.quoted === true || ours?.isWhole(at) === true;
  const nothingYet = (): boolean => stretches.every((stretch) => stretch.every(isBlank));
  const next = (): void => {
    if ((stretches.at(-1)?.length ?? 0) > 0) stretches.push([]);
  };
  let fenced = false;
  let count = 0;

  for (let at = 0; at < lines.length && count < mostOwn; at++) {
    const line = lines[at];
    if (line === undefined) break;
    if (isQuote(at)) {
      next();
      continue;
    }
    const rest =
      line.end === true || (isDivider(line) && !introducesMarked(lines, at + 1, isQuote)) || headerBlockAt(lines, at, fenced, subject);
    if (rest) return nothingYet() ? below(lines, at, ours) : stretches;
    const intro = introductionAt(lines, at, isQuote);
    if (intro !== undefined) {
      if (intro.before !== '') stretches.at(-1)?.push({ ...line, text: intro.before });
      const quote = nextFilled(lines, intro.end);
      const marked = quote < lines.length && isQuote(quote);
      if (!marked && !nothingYet()) return stretches;
      if (!marked && ours === undefined) return [];
      next();
      at = intro.end - 1;
      continue;
    }
    fenced = isFence(line) || (fenced && isBlank(line));
    if (line.fence === true || isDivider(line)) continue;
    stretches.at(-1)?.push(ours === undefined ? line : { ...line, text: ours.without(at) });
    count++;
  }
  return stretches;
}

/** Below the divider there is an introduction of a quote with marks, which ends where the marks end. */
function introducesMarked(lines: readonly Line[], at: number, isQuote: (at: number) => boolean): boolean {
  const intro = introductionAt(lines, nextFilled(lines, at), isQuote);
  const quote = intro === undefined ? lines.length : nextFilled(lines, intro.end);
  return quote < lines.length && isQuote(quote);
}

/** There is nothing above a quote without marks. If it is known to be ours, the text below our last word is the writer's. */
function below(lines: readonly Line[], at: number, ours: Ours | undefined): Stretches {
  if (ours === undefined || ours.last < at) return [];
  return withoutQuotes(lines.slice(ours.last + 1), undefined, undefined);
}
