import { coverOf, find, holds, isNegated, longestOf, type Hit, type Lexicon, type Phrases } from './lexicon.js';
import type { Word } from './reply-text.js';

/** An opt-out, and whether it is clear enough to be carried out. */
export interface FoundOptOut {
  readonly hit: Hit;
  readonly plain: boolean;
}

/** The `clause` words decide in an answer of at most this many words. */
const briefLength = 12;

/** An opt-out that is the whole answer, in any of the languages. */
export function wholeOptOut(words: readonly Word[], lexicons: readonly Lexicon[]): Hit | undefined {
  const courtesies = lexicons.map((lexicon) => lexicon.courtesies);
  const alone = new Set(
    lexicons.filter(
      ({ answers }) => coverOf(words, answers['opt-out'].whole, answers['opt-out'].beside, ...courtesies).size === words.length,
    ),
  );
  return longestOf(
    meant(words, lexicons, 'whole')
      .filter(({ lexicon }) => alone.has(lexicon))
      .map(({ hit }) => hit),
  );
}

/** An opt-out in an answer that says more, in any of the languages, or in a mixture of them. */
export function findOptOut(words: readonly Word[], lexicons: readonly Lexicon[]): FoundOptOut | undefined {
  const whole = wholeOptOut(words, lexicons);
  if (whole !== undefined) return { hit: whole, plain: true };
  const explicit = meant(words, lexicons, 'anywhere').map(({ hit, lexicon }) => ({ hit, plain: isPlain(words, hit, lexicon) }));
  const plain = longestOf([...explicit.filter((one) => one.plain).map(({ hit }) => hit), ...ownClauses(words, lexicons)]);
  if (plain !== undefined) return { hit: plain, plain: true };
  const doubtful = longestOf(explicit.map(({ hit }) => hit));
  return doubtful === undefined ? undefined : { hit: doubtful, plain: false };
}

/** Whether there is an opt-out word anywhere, even if it did not decide. */
export function mentionsOptOut(words: readonly Word[], lexicons: readonly Lexicon[]): boolean {
  return meant(words, lexicons, 'whole').length > 0;
}

/** "Not interested, stop": a keyword that is a clause of its own in a short answer, or a line of its own. */
function ownClauses(words: readonly Word[], lexicons: readonly Lexicon[]): Hit[] {
  const courtesies = lexicons.map((lexicon) => lexicon.courtesies);
  const edges = new Set([words[0]?.clause, words.at(-1)?.clause]);
  return lexicons.flatMap((lexicon) => {
    const { clause, beside } = lexicon.answers['opt-out'];
    const hits = meant(words, lexicons, 'clause').filter((one) => one.lexicon === lexicon);
    if (hits.length === 0) return [];
    const covered = coverOf(words, clause, beside, ...courtesies);
    const others = words.filter((_, at) => !covered.has(at));
    const [mixedClauses, mixedLines] = [new Set(others.map((word) => word.clause)), new Set(others.map((word) => word.line))];
    const brief = words.length <= briefLength && !takesBack(words, lexicon);
    return hits
      .map(({ hit }) => hit)
      .filter(({ from }) => {
        const word = words[from];
        if (word === undefined) return false;
        return !mixedLines.has(word.line) || (brief && edges.has(word.clause) && !mixedClauses.has(word.clause));
      });
  });
}

function takesBack(words: readonly Word[], lexicon: Lexicon): boolean {
  const { accepted, question } = lexicon.answers;
  return [accepted.anywhere, lexicon.conditions, lexicon.doubts, question.opening].some((phrases) => find(words, phrases).length > 0);
}

/**
 * "Stop sending me paper bills", "How do I opt out of this?", "If the price goes up, take me off": such an opt-out is about
 * something else, asked about, or conditional.
 */
function isPlain(words: readonly Word[], hit: Hit, lexicon: Lexicon): boolean {
  const { clause, sentence } = words[hit.from] ?? {};
  const begins = (phrases: Phrases): boolean =>
    find(words, phrases).some(({ from }) => words[from]?.clause === clause && from < hit.from && words[from - 1]?.clause !== clause);
  const asked = begins(lexicon.answers.question.opening) || begins(lexicon.answers.question.whole);
  const conditional = find(words, lexicon.conditions).some(
    ({ from, to }) => words[from]?.sentence === sentence && !(from >= hit.from && to <= hit.to),
  );
  return !asked && !conditional && !isOfThings(words, hit, lexicon);
}

/** The first object of the opt-out that follows in the clause decides. */
function isOfThings(words: readonly Word[], hit: Hit, lexicon: Lexicon): boolean {
  const after = ({ from }: Hit): boolean => from >= hit.from && words[from]?.clause === words[hit.to - 1]?.clause;
  const first = (phrases: Phrases): number =>
    Math.min(
      ...find(words, phrases)
        .filter(after)
        .map(({ from }) => from),
      Infinity,
    );
  return first(lexicon.things) < first(lexicon.messages);
}

/**
 * The places of meant opt-out phrases: not negated and not part of a harmless phrase, in any of the languages that know it ("stop" is in
 * all of them, "don't" in one).
 */
function meant(
  words: readonly Word[],
  lexicons: readonly Lexicon[],
  form: 'whole' | 'clause' | 'anywhere',
): { hit: Hit; lexicon: Lexicon }[] {
  const known = lexicons.flatMap((lexicon) => {
    const spared = find(words, lexicon.answers['opt-out'].except);
    return find(words, lexicon.answers['opt-out'][form]).map((hit) => ({
      hit,
      lexicon,
      dismissed: spared.some((phrase) => holds(phrase, hit)) || isNegated(words, hit, lexicon),
    }));
  });
  const dismissed = new Set(known.filter((one) => one.dismissed).map(({ hit }) => `${hit.from}-${hit.to}`));
  return known.filter(({ hit }) => !dismissed.has(`${hit.from}-${hit.to}`));
}
