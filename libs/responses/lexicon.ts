import { readWords, type Word } from './reply-text.js';
import { wordedAnswers, type LanguageWords, type WordedAnswer } from './reply-words.js';

type Phrase = readonly string[];

/** The words of one answer in one language, ready to be looked for. */
interface AnswerPhrases {
  readonly whole: readonly Phrase[];
  readonly fill: readonly Phrase[];
  readonly brief: readonly Phrase[];
  readonly anywhere: readonly Phrase[];
}

/** The word lists of one language, read the way an answer is read. */
export interface Lexicon {
  readonly language: string;
  readonly answers: Readonly<Record<WordedAnswer, AnswerPhrases>>;
  /** What a program writes for somebody who is away. */
  readonly automatic: { readonly subject: readonly Phrase[]; readonly anywhere: readonly Phrase[] };
  readonly negations: readonly Phrase[];
  readonly bridges: readonly Phrase[];
  readonly spared: readonly Phrase[];
}

/** Where in an answer a phrase stands. */
export interface Hit {
  readonly phrase: string;
  readonly from: number;
  readonly to: number;
}

/** How far a negation reaches: over bridges only, or over all that follows in its clause. */
export type Reach = 'bridge' | 'clause';

export function compileLexicon(language: LanguageWords): Lexicon {
  const courtesies = toPhrases(language.courtesies);
  const answers: Partial<Record<WordedAnswer, AnswerPhrases>> = {};
  for (const answer of wordedAnswers) {
    const { whole, beside, brief, anywhere } = language[answer];
    const fill = [...toPhrases(beside), ...courtesies];
    answers[answer] = { whole: toPhrases(whole), fill, brief: toPhrases(brief), anywhere: toPhrases(anywhere) };
  }
  return {
    language: language.language,
    answers: answers as Record<WordedAnswer, AnswerPhrases>,
    automatic: { subject: toPhrases(language['auto-reply'].subject), anywhere: toPhrases(language['auto-reply'].anywhere) },
    negations: toPhrases(language.negations),
    bridges: toPhrases(language.bridges),
    spared: toPhrases(language.spared),
  };
}

/** Every place where one of the phrases stands. */
export function find(words: readonly Word[], phrases: readonly Phrase[]): Hit[] {
  return phrases.flatMap((phrase) =>
    words.flatMap((_, from) => (standsAt(words, phrase, from) ? [{ phrase: phrase.join(' '), from, to: from + phrase.length }] : [])),
  );
}

/** The hit that makes `words` say nothing but `whole`, with only `fill` around it. */
export function findWhole(words: readonly Word[], whole: readonly Phrase[], fill: readonly Phrase[]): Hit | undefined {
  const hits = find(words, whole);
  const covered = new Set([...hits, ...find(words, fill)].flatMap((hit) => range(hit)));
  return covered.size === words.length ? longestOf(hits) : undefined;
}

/** Is the phrase at `hit` turned round by what stands before it in its clause? */
export function isNegated(words: readonly Word[], hit: Hit, lexicon: Lexicon, reach: Reach): boolean {
  const clause = words[hit.from]?.clause;
  for (let end = hit.from; end > 0 && words[end - 1]?.clause === clause;) {
    if (endsAt(words, lexicon.negations, end) > 0) return true;
    const bridge = endsAt(words, lexicon.bridges, end);
    if (bridge === 0 && reach === 'bridge') return false;
    end -= Math.max(bridge, 1);
  }
  return false;
}

export function longestOf(hits: readonly Hit[]): Hit | undefined {
  return hits.reduce<Hit | undefined>(
    (best, hit) => (best === undefined || hit.to - hit.from > best.to - best.from ? hit : best),
    undefined,
  );
}

/** Does `outer` hold `inner` and more? */
export function holds(outer: Hit, inner: Hit): boolean {
  return outer.from <= inner.from && outer.to >= inner.to && outer.to - outer.from > inner.to - inner.from;
}

function toPhrases(texts: readonly string[]): Phrase[] {
  return texts.map((text) => readWords(text).map((word) => word.text)).filter((phrase) => phrase.length > 0);
}

function standsAt(words: readonly Word[], phrase: Phrase, from: number): boolean {
  return from >= 0 && phrase.every((word, index) => words[from + index]?.text === word);
}

/** The length of the longest of the phrases that ends just before `end`, or 0. */
function endsAt(words: readonly Word[], phrases: readonly Phrase[], end: number): number {
  return phrases.reduce((best, phrase) => (phrase.length > best && standsAt(words, phrase, end - phrase.length) ? phrase.length : best), 0);
}

function range(hit: Hit): number[] {
  return Array.from({ length: hit.to - hit.from }, (_, index) => hit.from + index);
}
