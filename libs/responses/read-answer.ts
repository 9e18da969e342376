import type { Classification } from './classify.js';
import { coverOf, find, holds, isNegated, longestOf, range, type Hit, type Lexicon, type Phrases } from './lexicon.js';
import type { Word } from './reply-text.js';
import { namesWith, type Answer } from '../journeys/answers/table.js';

/** An answer without the names around it, and its properties. */
export interface Said {
  readonly words: readonly Word[];
  /** It has a question mark. */
  readonly asks: boolean;
  /** It has a price, a percentage, or a sad or ironic sign. */
  readonly sours: boolean;
  /** It contains an opt-out word, in any language. */
  readonly mentionsOptOut: boolean;
  /** Of every language: thanks are understood everywhere. */
  readonly courtesies: readonly Phrases[];
}

export const contradictory: Classification = { answer: 'unclear', because: 'contradictory' };

/** The classification by one language of an answer that is not an opt-out; undefined if its rules do not decide. */
export function readAnswer({ words, asks, sours, mentionsOptOut, courtesies }: Said, lexicon: Lexicon): Classification | undefined {
  for (const answer of namesWith(({ words: decide }) => decide === 'said')) {
    const hit = findAnswer(words, lexicon, answer, courtesies);
    if (hit !== undefined) return { answer, because: hit.phrase };
  }
  const declined = findDeclined(words, lexicon, courtesies);
  const question = findQuestion(words, lexicon, courtesies);
  if (question !== undefined && (asks || declined === undefined)) return { answer: 'question', because: question.phrase };
  if (asks) return undefined;
  if (declined !== undefined)
    return isTakenBack(words, lexicon, declined, courtesies) ? contradictory : { answer: 'declined', because: declined.phrase };
  if (sours) return undefined;
  const accepted = findAccepted(words, lexicon, courtesies, mentionsOptOut);
  return accepted === undefined ? undefined : { answer: 'accepted', because: accepted.phrase };
}

/**
 * An acceptance costs money, so every word of the answer must accept or be meaningless beside it. Only if a sentence explicitly accepts the
 * offer, other sentences may say more, as long as they raise no doubt.
 */
function findAccepted(words: readonly Word[], lexicon: Lexicon, courtesies: readonly Phrases[], mentionsOptOut: boolean): Hit | undefined {
  const { whole, anywhere, beside, except } = lexicon.answers.accepted;
  const phrases = [whole, anywhere].flatMap((list) => find(words, list));
  const spared = new Set(
    find(words, except)
      .filter((hit) => !phrases.some((phrase) => holds(phrase, hit)))
      .flatMap(range),
  );
  const covered = coverOf(words, whole, anywhere, beside, lexicon.polite, ...courtesies);
  const doubted = doubtsOf(words, lexicon);
  const plain = (at: number): boolean => (covered.has(at) || isInitial(words[at])) && !doubted.has(at) && !spared.has(at);
  const cores = phrases.filter((hit) => range(hit).every(plain));
  if (words.every((_, at) => plain(at))) return longestOf(cores);
  if (doubted.size > 0 || mentionsOptOut) return undefined;
  const ofSentence = (sentence: number | undefined): number[] => words.flatMap((word, at) => (word.sentence === sentence ? [at] : []));
  return longestOf(find(words, anywhere).filter(({ from }) => ofSentence(words[from]?.sentence).every(plain)));
}

/** The places of words that make a yes uncertain. */
function doubtsOf(words: readonly Word[], lexicon: Lexicon): ReadonlySet<number> {
  const { negations, contrasts, conditions, doubts, terms, answers } = lexicon;
  const harmless = coverOf(words, answers.declined.except, answers.accepted.whole, answers.accepted.anywhere);
  const hits = [negations, contrasts, conditions, answers.declined.whole, answers.question.opening].flatMap((list) => find(words, list));
  const yes = [answers.accepted.whole, answers.accepted.anywhere].flatMap((list) => find(words, list));
  const doubted = find(words, doubts).filter((hit) => !yes.some((phrase) => holds(phrase, hit)));
  const figures = words.flatMap((word, at) => (hasFigure(word) ? [at] : []));
  return new Set([
    ...hits.flatMap(range).filter((at) => !harmless.has(at)),
    ...[...doubted, ...find(words, terms)].flatMap(range),
    ...figures,
  ]);
}

/** An initial means neither yes nor no. */
function isInitial(word: Word | undefined): boolean {
  return word !== undefined && /^\p{L}$/u.test(word.text);
}

/** "Yes 50", "yes 30eur": a figure names another amount or a date. */
function hasFigure({ text }: Word): boolean {
  return /\p{N}/u.test(text);
}

/** A refusal is the whole answer, a separate clause, or an explicit sentence. */
function findDeclined(words: readonly Word[], lexicon: Lexicon, courtesies: readonly Phrases[]): Hit | undefined {
  const { whole, beside, except } = lexicon.answers.declined;
  const said = findAnswer(words, lexicon, 'declined', courtesies);
  if (said !== undefined) return said;
  const spared = find(words, except);
  const covered = coverOf(words, whole, beside, lexicon.contrasts, lexicon.polite, ...courtesies);
  return longestOf(
    find(words, whole).filter(
      (hit) =>
        !spared.some((phrase) => holds(phrase, hit)) &&
        words.every(({ clause }, at) => clause !== words[hit.from]?.clause || covered.has(at)),
    ),
  );
}

/** "No thanks. Or rather, yes", "not unless it is cheaper": praise and thanks beside a refusal do not revoke it. */
function isTakenBack(words: readonly Word[], lexicon: Lexicon, declined: Hit, courtesies: readonly Phrases[]): boolean {
  const { whole, anywhere, beside, except } = lexicon.answers.accepted;
  const within = (phrases: readonly Hit[], hit: Hit): boolean => phrases.some((phrase) => phrase.from <= hit.from && phrase.to >= hit.to);
  const spared = [...find(words, except), ...find(words, lexicon.polite), ...find(words, lexicon.answers.declined.except)];
  const covered = coverOf(words, whole, anywhere, beside, lexicon.contrasts, ...courtesies);
  const ownClause = ({ from }: Hit): boolean => words.every(({ clause }, at) => clause !== words[from]?.clause || covered.has(at));
  const yes = [...find(words, whole).filter(ownClause), ...find(words, anywhere).filter((hit) => !isNegated(words, hit, lexicon))];
  const apart = (hit: Hit): boolean => hit.to <= declined.from || hit.from >= declined.to;
  return yes.some((hit) => apart(hit) && !within(spared, hit)) || find(words, lexicon.conditions).some((hit) => !within([declined], hit));
}

function findQuestion(words: readonly Word[], lexicon: Lexicon, courtesies: readonly Phrases[]): Hit | undefined {
  const { opening, except } = lexicon.answers.question;
  const { whole, anywhere } = lexicon.answers.accepted;
  const spared = [except, whole, anywhere].flatMap((phrases) => find(words, phrases));
  const leads = [lexicon.contrasts, whole, ...courtesies].flatMap((phrases) => find(words, phrases));
  const opens = [...find(words, opening), ...find(words, lexicon.requests)].filter(
    (hit) => begins(words, hit, leads) && !spared.some((phrase) => holds(phrase, hit)),
  );
  return findAnswer(words, lexicon, 'question', courtesies) ?? longestOf(opens);
}

/** Whether the clause begins here, apart from leading words: "yes but how much". */
function begins(words: readonly Word[], hit: Hit, leads: readonly Hit[]): boolean {
  const { clause } = words[hit.from] ?? {};
  for (let at = hit.from; words[at - 1]?.clause === clause && at > 0;) {
    const lead = longestOf(leads.filter(({ to }) => to === at));
    if (lead === undefined) return false;
    at = lead.from;
  }
  return true;
}

/** The answer is only this, or says it somewhere without a negation. */
function findAnswer(words: readonly Word[], lexicon: Lexicon, answer: Answer, courtesies: readonly Phrases[]): Hit | undefined {
  const { anywhere, except } = lexicon.answers[answer];
  const spared = find(words, except);
  return (
    wholeAnswer(words, lexicon, answer, courtesies) ??
    longestOf(find(words, anywhere).filter((hit) => !spared.some((phrase) => holds(phrase, hit)) && !isNegated(words, hit, lexicon)))
  );
}

/** The answer is only this, courtesies and words that may stand beside it. */
export function wholeAnswer(words: readonly Word[], lexicon: Lexicon, answer: Answer, courtesies: readonly Phrases[]): Hit | undefined {
  const { whole, beside, except } = lexicon.answers[answer];
  const spared = find(words, except);
  const hits = find(words, whole).filter((hit) => !spared.some((phrase) => holds(phrase, hit)));
  return hits.length > 0 && coverOf(words, whole, beside, ...courtesies).size === words.length ? longestOf(hits) : undefined;
}
