import type { Line } from './line.js';
import { dividers, labels, wordsOf, type HeaderPart } from './quote-words.js';
import { startsWithAny } from './word-pattern.js';

const parts = new Map<string, Set<HeaderPart>>();
for (const part of Object.keys(labels) as HeaderPart[]) {
  for (const word of wordsOf(labels[part])) parts.set(word, (parts.get(word) ?? new Set()).add(part));
}

const labelled = /^[\s*_]*(\p{L}[\p{L}\p{M} .'’()\/-]{0,29}?)\s*[*_]*\s*[:\uff1a]\s*[*_]*\s*(.*)$/u;
const mostLines = 14;
const valueOfDate = /\d{1,2}[:.h]\d{2}|(?:19|20)\d\d/;
const valueOfPerson = /@|<[^<>]+>/;
/** `From: ... Sent: ... Subject: ...` in one line. */
const inOneLine = /[\s,;]([\p{L}][\p{L}\p{M} '’]{0,14}?)\s?[:\uff1a]\s/gu;

/**
 * Whether the header lines of a quoted mail begin here: two of From, Date, To and Subject by their names in some language, or
 * three lines of that look (two below a rule) with a sender and a date in them, whatever their language.
 * @param fenced a rule or the like stands directly above
 */
export function headerBlockAt(lines: readonly Line[], at: number, fenced: boolean, subject: string | undefined): boolean {
  const found = new Set<HeaderPart>();
  let [count, blank, loose] = [0, 0, 0];
  let [dated, addressed] = [false, false];
  for (let row = at; row < lines.length && row < at + mostLines; row++) {
    const text = lines[row]?.text ?? '';
    if (text.trim() === '') {
      if (++blank > 1 || count === 0) break;
      continue;
    }
    const match = text.length <= 400 ? labelled.exec(text) : null;
    const value = match?.[2] ?? '';
    if (match === null || (count > 0 && blank > 0 && parts.get(normal(match[1])) === undefined)) {
      if (count === 0 || blank > 0 || ++loose > 2) break;
      if (valueOfPerson.test(text)) addressed = true;
      continue;
    }
    [blank, loose] = [0, 0];
    count++;
    const known = parts.get(normal(match[1]));
    if (count === 1 && known === undefined && !fenced && !/^\p{Lu}|^\p{Lo}/u.test(match[1] ?? '')) break;
    add(found, known);
    if (count === 1 && known?.has('from') === true) addInline(found, value);
    dated ||= valueOfDate.test(value);
    addressed ||= valueOfPerson.test(value);
    if (subject !== undefined && subject.length > 8 && value.endsWith(subject)) return true;
    if (isEnough(found)) return true;
  }
  return count >= (fenced ? 2 : 3) && dated && (addressed || (fenced && count >= 3));
}

function normal(label: string | undefined): string {
  return (label ?? '').replace(/\s+/g, ' ').trim().toLowerCase();
}

function add(found: Set<HeaderPart>, known: ReadonlySet<HeaderPart> | undefined): void {
  // A word with two meanings in two languages ("data", "a") counts as the missing one.
  for (const part of known ?? []) found.add(part);
}

function addInline(found: Set<HeaderPart>, value: string): void {
  for (const [, label] of value.matchAll(inOneLine)) {
    const known = parts.get(normal(label));
    if (known !== undefined) add(found, known);
  }
}

/** "From: 1 March, To: 5 March" is no header: a date or a subject has to be among them. */
function isEnough(found: ReadonlySet<HeaderPart>): boolean {
  const main = (['from', 'date', 'to', 'subject'] as const).filter((part) => found.has(part));
  return main.length >= 2 && (found.has('date') || found.has('subject')) && (found.has('from') || found.has('to'));
}

const divider = startsWithAny(wordsOf(dividers));
const rules = /^[\s*_]*[-=_—–─*#~]{2,}\s*|\s*[-=_—–─*#~]{2,}[\s*_]*$/g;

/** The same with the header in the same line, as when line breaks were lost. */
const ruledDivider = /^[\s*_]*[-_=—–─]{2,}\s*([^-_=—–─]{4,50}?)\s*[-_=—–─]{2,}/;

/** "-----Original Message-----" and its kind. */
export function isDivider({ text }: Line): boolean {
  const trimmed = text.trim();
  if (divider.test(ruledDivider.exec(trimmed.slice(0, 200))?.[1] ?? '')) return true;
  if (trimmed.length > 100) return false;
  const bare = trimmed.replace(rules, '').replace(/^[*_\s]+|[*_\s]+$/g, '');
  if (bare === '' || !divider.test(bare)) return false;
  const rest = bare.replace(divider, '').trim();
  return /^[*_\s]*[-_=—–─]{2,}/.test(trimmed) ? rest.length < 40 : /^[:\uff1a]$/.test(rest);
}

const rule = /^[\s*]*[-_=*—–─]{5,}\s*$/;
const ruledWords = /^[\s*]*[-_=—–─]{3,}\s*[^-_=]{2,40}?\s*[-_=—–─]{3,}[\s*]*$/;

/** A divider line, in any language. */
export function isFence({ text, fence }: Line): boolean {
  return fence === true || (text.length <= 200 && (rule.test(text) || ruledWords.test(text)));
}
