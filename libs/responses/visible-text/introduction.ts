import { nextFilled, type Line } from './line.js';
import { introStarts, selves, wordsOf, wrote } from './quote-words.js';
import { anyOf, startsWithAny } from './word-pattern.js';

/** The lines that introduce a quote with its writer and date. */
export interface Introduction {
  /** The index after its last line. */
  readonly end: number;
  /** The writer's text before it on its first line. */
  readonly before: string;
}

const mostSpan = 5;
const longestLine = 500;
const longestIntro = 600;

const address = /[^\s<>()[\],;:"]@[\p{L}\p{N}-]+\.[\p{L}]{2}|<\s*(?:mailto:)?[^<>\s]*>|\[mailto:/iu;
const time = /\d{1,2}\s?[:.h時时시]\s?\d{2}(?!\.?\d{3})/;
const year = /(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)/;
/** A day and a month, or a weekday and a day; `month name, day` as well as `day, month name`. */
const date =
  /\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}|\d{4}\s?[年년]|\d{1,2}\s?[月월]|\d{1,2}(?:st|nd|rd|th|er|º|\.)?(?:[-\s]{1,3}(?:de|of|d')\s?|[-\s.])\s?\p{L}{3,15}|\p{L}{3,15}\.?[\s-]\d{1,2}(?:st|nd|rd|th)?\b|\d{1,2} tháng \d/iu;
const startsWithDate = new RegExp(`^[^\\p{L}\\p{N}]{0,6}(?:\\p{L}{2,14}[.,]{0,2}\\s+)?(?:${date.source})`, 'iu');
/** "On" and its kind with a date right behind it. */
const startsOn = new RegExp(
  `${startsWithAny(wordsOf(introStarts)).source}[\\s,]*(?:\\(?\\p{L}{2,14}\\)?[.,]{0,2}\\s*){0,3}(?:den |the |de |dia |le |el )?(?:${date.source}|\\d{1,2}[:.]\\d{2})`,
  'iu',
);
/** The same within a line, where a program put it behind the last words of the writer. */
const onWithin =
  /^(.*?\p{L}.*?\S)(?:\s+|\s*-{2,}\s*)(?=On (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,|\d{1,2} [A-Z]|[A-Z][a-z]{2,8} \d{1,2},))/u;
const verb = anyOf(wordsOf(wrote));
const self = anyOf(wordsOf(selves));
const dashesBefore = /^[\s*_]*-{2,}\s*/;
const dashesAfter = /-{2,}[\s*_]{0,4}$/;
const endsOpen = /[:\uff1a]\s*[*_"”]*$/;
/** Gmail, where the language of its user has no sentence for it. */
const machineDate = /^\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:?\d{2} \S/;

/**
 * Finds the introduction that begins at a line, in any language: it names a date, a time, an address, says "wrote", ends with a colon.
 * Which of these are enough depends on whether a quote is visible below it.
 * @param isQuote whether the line with this index is known to be quoted
 */
export function introductionAt(lines: readonly Line[], at: number, isQuote: (at: number) => boolean): Introduction | undefined {
  const first = textAt(lines, at);
  if (first === '' || first.length > longestLine || !mayBegin(first)) return undefined;
  let joined = first;
  for (let end = at + 1; end <= at + mostSpan; end++) {
    const next = nextFilled(lines, end);
    const quote = next < lines.length && isQuote(next) ? (lines[next]?.quoted === true ? 'marked' : 'ours') : undefined;
    if (introduces(joined, quote) && !beginsLater(lines, at, end, quote)) return { end, before: before(first) };
    const follows = textAt(lines, end);
    if (lines[end]?.quoted !== false) return undefined;
    if (follows === '' && !goesOnAfterBlank(joined, textAt(lines, next))) return undefined;
    joined = `${joined} ${follows}`.trim();
    if (joined.length > longestIntro) return undefined;
  }
  return undefined;
}

function textAt(lines: readonly Line[], at: number): string {
  return lines[at]?.text.trim() ?? '';
}

/** Cheap checks first. */
function mayBegin(text: string): boolean {
  return /[\d@<]/.test(text) || verb.test(text) || endsOpen.test(text);
}

/** How the following text is recognised as a quote. */
type Quote = 'marked' | 'ours' | undefined;

function introduces(joined: string, quote: Quote): boolean {
  const text = withoutDashes(joined);
  const [hasVerb, hasAddress, hasTime, hasDate] = [verb.test(text), address.test(text), time.test(text), date.test(text)];
  const open = endsOpen.test(text);
  const closed = open || endsWithVerb(text);
  if (quote !== undefined) {
    if (quote === 'ours' && open && /\d/.test(text)) return text.length < 200;
    if (open && (hasDate || hasAddress || hasTime || hasVerb)) return text.length < 300;
    return (closed && hasVerb) || (hasDate && hasAddress) || (hasAddress && /<[^<>]*>$/.test(text) && text.length < 100);
  }
  if (machineDate.test(text)) return true;
  if (hasVerb && joined.length - text.length >= 4) return true;
  if (!closed) return false;
  if (hasVerb && hasAddress) return true;
  if (hasVerb && hasDate && hasTime && !self.test(text)) return true;
  if (hasVerb && hasDate && (startsOn.test(text) || startsWithDate.test(text) || endsWithVerb(text)))
    return hasTime || (year.test(text) && !self.test(text));
  return hasDate && hasTime && hasAddress;
}

function withoutDashes(joined: string): string {
  const text = joined.replace(dashesBefore, '');
  return /-[\s*_]{0,4}$/.test(text) ? text.replace(dashesAfter, '').trimEnd() : text;
}

const verbAtEnd = new RegExp(`(?:${verb.source})\\s*[:\uff1a]?\\s*$`, 'iu');
function endsWithVerb(text: string): boolean {
  return verbAtEnd.test(text);
}

/** It really begins at a later line of the span: the text above is the writer's. */
function beginsLater(lines: readonly Line[], at: number, end: number, quote: Quote): boolean {
  const begun = startsOn.test(textAt(lines, at));
  for (let later = at + 1; later < end; later++) {
    const first = textAt(lines, later);
    const named = address.test(first) && verb.test(first) && /^["“'\p{Lu}<]/u.test(first);
    const begins = startsOn.test(first) || onWithin.test(first) || (!begun && (startsWithDate.test(first) || named));
    if (
      begins &&
      introduces(
        lines
          .slice(later, end)
          .map(({ text }) => text.trim())
          .join(' '),
        quote,
      )
    )
      return true;
  }
  return false;
}

/** Polymail and Apple put the address, and "wrote", into lines of their own with blank ones between. */
function goesOnAfterBlank(joined: string, next: string): boolean {
  return (
    /<[^<>]*$/.test(joined) ||
    ((startsOn.test(joined) || startsWithDate.test(joined)) && (/^</.test(next) || (endsOpen.test(next) && next.length < 20)))
  );
}

function before(first: string): string {
  return onWithin.exec(first)?.[1] ?? '';
}
