import { coverOf, find, longestOf, range, type Hit, type Lexicon, type Phrases } from './lexicon.js';
import type { Word } from './reply-text.js';

/** The most words of a name after a greeting, and after a farewell or on separate lines at the end. */
const mostAfterGreeting = 3;
const mostAfterClosing = 14;
const mostInLine = 6;
const mostLines = 5;

/**
 * The text of an answer without the names in its greeting and signature. Significant words (a negation, a refusal, a doubt) are never
 * treated as names.
 * @param lexicons of the languages that it may be in
 * @param all for opt-outs, which count in any language
 */
export function bodyOf(words: readonly Word[], lexicons: readonly Lexicon[], all: readonly Lexicon[]): readonly Word[] {
  const weighty = coverOf(words, ...lexicons.flatMap(weighing), ...all.flatMap(endingWords));
  const known = (at: number): boolean => lexicons.some((lexicon) => lexicon.known.has(words[at]?.text ?? ''));
  const start = greetingEnd(words, lexicons, weighty, known);
  const end = signatureStart(words, lexicons, known, weighty);
  if (start === 0 && end === words.length) return words;
  return end <= start ? words : words.filter((_, at) => at >= start && at < end);
}

function weighing({ negations, contrasts, conditions, doubts, answers }: Lexicon): Phrases[] {
  return [negations, contrasts, conditions, doubts, answers.declined.whole, answers.question.opening, answers.accepted.anywhere];
}

function endingWords({ answers }: Lexicon): Phrases[] {
  const { whole, clause, anywhere } = answers['opt-out'];
  return [whole, clause, anywhere];
}

/** Where the text begins: after "Dear Mrs Smith," or "Hi". */
function greetingEnd(
  words: readonly Word[],
  lexicons: readonly Lexicon[],
  weighty: ReadonlySet<number>,
  known: (at: number) => boolean,
): number {
  const greeting = longestOf(lexicons.flatMap((lexicon) => find(words, lexicon.greetings)).filter(({ from }) => from === 0));
  if (greeting === undefined || range(greeting).some((at) => weighty.has(at))) return 0;
  let end = greeting.to;
  while (end < greeting.to + mostAfterGreeting && words[end]?.clause === words[0]?.clause && !known(end) && !weighty.has(end)) end++;
  return end;
}

/** Where the names at the end begin: after a farewell, or on lines with only names and numbers. */
function signatureStart(
  words: readonly Word[],
  lexicons: readonly Lexicon[],
  known: (at: number) => boolean,
  weighty: ReadonlySet<number>,
): number {
  const spared = coverOf(words, ...lexicons.map((lexicon) => lexicon.answers['opt-out'].except));
  const mayBeName = (at: number): boolean => !weighty.has(at) || spared.has(at);
  const isFarewell = ({ to }: Hit): boolean => {
    const line = words[to - 1]?.line;
    const after = words.slice(to);
    return (
      after.length > 0 &&
      after.length <= mostAfterClosing &&
      after.every(
        (word, index) => mayBeName(to + index) && (word.proper || word.line !== line) && (word.line !== line || !known(to + index)),
      )
    );
  };
  const closing = lexicons
    .flatMap((lexicon) => find(words, lexicon.closings))
    .filter(isFarewell)
    .reduce((first, { to }) => Math.min(first, to), words.length);
  return closing < words.length ? closing : nameLinesStart(words, known, mayBeName);
}

function nameLinesStart(words: readonly Word[], known: (at: number) => boolean, mayBeName: (at: number) => boolean): number {
  let start = words.length;
  for (let lines = 0; lines < mostLines && start > 0; lines++) {
    const line = words[start - 1]?.line;
    const from = words.findIndex((word) => word.line === line);
    const places = Array.from({ length: start - from }, (_, index) => from + index);
    const strange = places.filter((at) => !known(at)).length;
    const names =
      places.length <= mostInLine && strange * 2 >= places.length && places.every((at) => mayBeName(at) && words[at]?.proper === true);
    if (from === 0 || !names) break;
    start = from;
  }
  return start;
}
