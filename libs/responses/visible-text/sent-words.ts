import { longestText, plain, type Line } from './line.js';

/** One of our messages, as the customer received it: its words in an answer are not the customer's. */
export interface SentText {
  readonly subject: string;
  readonly text: string;
}

/** The number of words in a row that are compared; fewer prove nothing. */
const seed = 4;
/** This many words in a row prove that our message is quoted. A shorter run counts between two of them, or beside one. */
const proof = 8;
const mostPlaces = 12;
const mostWords = 20_000;

const links = /(?:https?|mailto):[^\s<>()[\]"']+|(?<![^\s<>()[\]"'])[^\s<>()[\]"'@]{1,64}@[^\s<>()[\]"']+/gi;
/** A word; a character of its own where a script has no spaces. */
const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+/gu;

interface Token {
  readonly text: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Which parts of some lines are ours. */
export interface Ours {
  /** Whether all words of a line are ours. */
  isWhole(line: number): boolean;
  /** The index of the last line with a word of ours; -1 if there is none. */
  readonly last: number;
  /** The line without the long stretches that are ours. */
  without(line: number): string;
}

/** Only words are compared, in order, in any line, mark, indent or link. */
export function findOurs(lines: readonly Line[], sent: SentText): Ours {
  const tokens = lines
    .flatMap(({ text }, line) =>
      tokensOf(
        text.replace(/^[\s>|]+/, (mark) => ' '.repeat(mark.length)),
        line,
      ),
    )
    .slice(0, mostWords);
  const runs = findRuns(tokens, tokensOf(plain(`${sent.subject}\n${sent.text}`.slice(0, longestText)), 0).slice(0, mostWords));
  const proven = runs.filter(({ length }) => length >= proof);
  const [first, end] = [proven[0]?.from ?? 0, (proven.at(-1)?.from ?? 0) + (proven.at(-1)?.length ?? 0)];
  const counted = proven.length === 0 ? [] : runs.filter(({ from, length }) => from + length >= first && from <= end);
  const mine = new Map<number, { words: number; ours: number; cut: Token[] }>();
  for (const { line } of tokens) {
    const of = mine.get(line) ?? { words: 0, ours: 0, cut: [] };
    of.words++;
    mine.set(line, of);
  }
  let last = -1;
  for (const { from, length } of counted) {
    for (const token of tokens.slice(from, from + length)) {
      const of = mine.get(token.line);
      if (of === undefined) continue;
      of.ours++;
      if (length >= proof) of.cut.push(token);
      last = Math.max(last, token.line);
    }
  }
  return {
    last,
    isWhole: (line) => {
      const of = mine.get(line);
      return of !== undefined && of.words === of.ours;
    },
    without: (line) => cutOut(lines[line]?.text ?? '', mine.get(line)?.cut ?? []),
  };
}

function tokensOf(text: string, line: number): Token[] {
  const bare = text.replace(links, (link) => ' '.repeat(link.length)).toLowerCase();
  return [...bare.matchAll(word)].map(({ 0: found, index }) => ({ text: found, line, from: index, to: index + found.length }));
}

interface Run {
  readonly from: number;
  readonly length: number;
}

/** The longest common runs of words, without overlaps. */
function findRuns(tokens: readonly Token[], sent: readonly Token[]): Run[] {
  const places = new Map<string, number[]>();
  for (let at = 0; at + seed <= sent.length; at++) {
    const key = keyAt(sent, at);
    const known = places.get(key);
    if (known === undefined) places.set(key, [at]);
    else if (known.length < mostPlaces) known.push(at);
  }
  const runs: Run[] = [];
  for (let at = 0; at + seed <= tokens.length;) {
    const length = Math.max(0, ...(places.get(keyAt(tokens, at)) ?? []).map((place) => lengthOf(tokens, at, sent, place)));
    if (length >= seed) runs.push({ from: at, length });
    at += Math.max(1, length);
  }
  return runs;
}

function keyAt(tokens: readonly Token[], at: number): string {
  return tokens
    .slice(at, at + seed)
    .map(({ text }) => text)
    .join(' ');
}

function lengthOf(tokens: readonly Token[], at: number, sent: readonly Token[], place: number): number {
  let length = 0;
  while (tokens[at + length] !== undefined && tokens[at + length]?.text === sent[place + length]?.text) length++;
  return length;
}

function cutOut(text: string, cut: readonly Token[]): string {
  const [first, last] = [cut[0], cut.at(-1)];
  return first === undefined || last === undefined
    ? text
    : `${text.slice(0, first.from)} ${text.slice(last.to)}`.replace(/ {2,}/g, ' ').trim();
}
