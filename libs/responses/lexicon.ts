import type { Answer } from '../journeys/answers/table.js';
import { readWords, type Word } from './reply-text.js';
import { wordedAnswers, type LanguageWords } from './reply-words.js';

type Phrase = readonly string[];

/** Phrases by their first word, so that the time depends on the text and not on the length of the lists. */
export type Phrases = ReadonlyMap<string, readonly Phrase[]>;

/** The words of one answer in one language, ready for the search. */
export interface AnswerPhrases {
  readonly whole: Phrases;
  readonly beside: Phrases;
  readonly clause: Phrases;
  readonly opening: Phrases;
  readonly anywhere: Phrases;
  readonly except: Phrases;
}

/** The word lists of one language, normalised in the same way as an answer. */
export interface Lexicon {
  readonly language: string;
  readonly answers: Readonly<Record<Answer, AnswerPhrases>>;
  /** Phrases of programs that answer for somebody who is away. */
  readonly automatic: { readonly subject: Phrases; readonly anywhere: Phrases };
  readonly courtesies: Phrases;
  readonly greetings: Phrases;
  readonly closings: Phrases;
  readonly negations: Phrases;
  readonly negationsAfter: Phrases;
  readonly bridges: Phrases;
  readonly contrasts: Phrases;
  readonly conditions: Phrases;
  readonly doubts: Phrases;
  readonly terms: Phrases;
  readonly polite: Phrases;
  readonly requests: Phrases;
  /** The objects of an opt-out, and other things that may be ended. */
  readonly messages: Phrases;
  readonly things: Phrases;
  /** Every word of the lists. */
  readonly known: ReadonlySet<string>;
}

/** The place of a phrase in an answer. */
export interface Hit {
  readonly phrase: string;
  readonly from: number;
  readonly to: number;
}

const noWording = { whole: [], beside: [], clause: [], opening: [], anywhere: [], except: [] };

export function compileLexicon(language: LanguageWords): Lexicon {
  const answers: Partial<Record<Answer, AnswerPhrases>> = {};
  for (const answer of wordedAnswers()) {
    const { whole, beside, clause, opening, anywhere, except } = language[answer] ?? noWording;
    answers[answer] = {
      whole: toPhrases(whole),
      beside: toPhrases(beside),
      clause: toPhrases(clause),
      opening: toPhrases(opening),
      anywhere: toPhrases(anywhere),
      except: toPhrases(except),
    };
  }
  return {
    language: language.language,
    answers: answers as Record<Answer, AnswerPhrases>,
    automatic: { subject: toPhrases(language['auto-reply'].subject), anywhere: toPhrases(language['auto-reply'].anywhere) },
    courtesies: toPhrases([...language.courtesies, ...language.closings]),
    greetings: toPhrases(language.greetings),
    closings: toPhrases(language.closings),
    negations: toPhrases(language.negations),
    negationsAfter: toPhrases(language['negations-after']),
    bridges: toPhrases(language.bridges),
    contrasts: toPhrases(language.contrasts),
    conditions: toPhrases(language.conditions),
    doubts: toPhrases(language.doubts),
    terms: toPhrases(language.terms),
    polite: toPhrases(language.polite),
    requests: toPhrases(language.requests),
    messages: toPhrases(language['opt-out'].messages),
    things: toPhrases(language['opt-out'].things),
    known: new Set(
      textsOf({ ...language, language: [] })
        .flatMap(spellings)
        .flat(),
    ),
  };
}

/** Earlier results for an answer, because the same lists are searched repeatedly. */
const found = new WeakMap<readonly Word[], Map<Phrases, readonly Hit[]>>();

/** Every place of one of the phrases. */
export function find(words: readonly Word[], phrases: Phrases): readonly Hit[] {
  const before = found.get(words) ?? new Map<Phrases, readonly Hit[]>();
  found.set(words, before);
  const hits = before.get(phrases) ?? search(words, phrases);
  before.set(phrases, hits);
  return hits;
}

function search(words: readonly Word[], phrases: Phrases): Hit[] {
  return words.flatMap(({ text }, from) =>
    (phrases.get(text) ?? [])
      .filter((phrase) => standsAt(words, phrase, from))
      .map((phrase) => ({ phrase: phrase.join(' '), from, to: from + phrase.length })),
  );
}

/** The places of an answer that the phrases of these lists cover. */
export function coverOf(words: readonly Word[], ...lists: readonly Phrases[]): ReadonlySet<number> {
  const places = new Set<number>();
  for (const list of lists) for (const { from, to } of find(words, list)) for (let at = from; at < to; at++) places.add(at);
  return places;
}

export function longestOf(hits: readonly Hit[]): Hit | undefined {
  return hits.reduce<Hit | undefined>(
    (best, hit) => (best === undefined || hit.to - hit.from > best.to - best.from ? hit : best),
    undefined,
  );
}

/** Whether `outer` contains `inner` and more. */
export function holds(outer: Hit, inner: Hit): boolean {
  return outer.from <= inner.from && outer.to >= inner.to && outer.to - outer.from > inner.to - inner.from;
}

/** Whether the phrase at `hit` is negated by words before it, with only bridges between, or directly after it. */
export function isNegated(words: readonly Word[], hit: Hit, lexicon: Lexicon): boolean {
  const clause = words[hit.from]?.clause;
  const [negations, bridges] = [find(words, lexicon.negations), find(words, lexicon.bridges)];
  const negates = negations.some(({ from, to }) => from >= hit.from && to <= hit.to);
  const after = find(words, lexicon.negationsAfter).some(({ from }) => from === hit.to && words[from]?.clause === clause);
  if (after && !negates) return true;
  for (let end = hit.from; end > 0 && words[end - 1]?.clause === clause;) {
    if (negations.some(({ to }) => to === end)) return true;
    const bridge = longestOf(bridges.filter(({ to }) => to === end));
    if (bridge === undefined) return false;
    end = bridge.from;
  }
  return false;
}

export function range({ from, to }: Pick<Hit, 'from' | 'to'>): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function standsAt(words: readonly Word[], phrase: Phrase, from: number): boolean {
  return phrase.every((word, index) => words[from + index]?.text === word);
}

function toPhrases(texts: readonly string[]): Phrases {
  const phrases = new Map<string, Phrase[]>();
  const seen = new Set<string>();
  for (const phrase of texts.flatMap(spellings)) {
    const [first] = phrase;
    if (first === undefined || seen.has(phrase.join(' '))) continue;
    seen.add(phrase.join(' '));
    const others = phrases.get(first);
    if (others === undefined) phrases.set(first, [phrase]);
    else others.push(phrase);
  }
  return phrases;
}

/** How keyboards without the special letters of a language write them. */
const keyboards: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', æ: 'ae' };

/** The ways to write a phrase: with and without special letters, and with a space instead of an apostrophe. */
function spellings(text: string): Phrase[] {
  const plain = text.normalize('NFC').toLowerCase();
  const byKeyboard = plain.replace(/[äöüåøæ]/g, (letter) => keyboards[letter] ?? letter);
  return [...new Set([plain, byKeyboard].flatMap((one) => [one, one.replace(/['’]/g, ' ')]))].map((one) =>
    readWords(one).map((word) => word.text),
  );
}

/** All texts in lists, at any depth. */
function textsOf(lists: object): string[] {
  return Object.values(lists).flatMap((list: unknown) => (typeof list === 'string' ? [list] : textsOf(Object(list) as object)));
}
