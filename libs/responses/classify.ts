import type { Channel } from '../channels/table.js';
import { machineMark, type MachineMark } from './auto-reply.js';
import { bodyOf } from './body.js';
import { languagesOf, withoutStretches } from './language.js';
import { compileLexicon, coverOf, find, longestOf, type Lexicon } from './lexicon.js';
import { contradictory, readAnswer, wholeAnswer, type Said } from './read-answer.js';
import { judge } from './person-or-machine.js';
import { findOptOut, mentionsOptOut, wholeOptOut } from './read-opt-out.js';
import { asks, readWords, sours, type Word } from './reply-text.js';
import type { ReplyWords } from './reply-words.js';
import { answers, namesWith, type Answer } from '../journeys/answers/table.js';

/** A customer's message. */
export interface Reply {
  readonly channel: Channel;
  /** The customer's own text: for an e-mail the result of `visibleText`. */
  readonly text: string;
  /** The customer's language, as in `de` or `de-AT`: its word lists are used first. */
  readonly language?: string;
  /** E-mail only. */
  readonly subject?: string;
  /** E-mail only: header values by lower-case name, and the envelope's sender as `return-path`, `<>` where it was empty. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SMS only: the carrier itself has read this as an opt-out (Twilio's OptOutType). */
  readonly carrierSaysStop?: boolean;
}

export interface Classification {
  readonly answer: Answer;
  /** The word or rule that decided. */
  readonly because: string;
  /** A mailbox provider's spam button said it (RFC 5965). */
  readonly reported?: boolean;
}

export type Classifier = (reply: Reply) => Classification;

const replyPrefix = /^\s*(re|aw|antw|sv|vs|odp|rif|res|r|fw|fwd|wg|rv|tr|auto|automatic reply|automatische antwort)\s*:/i;

/**
 * Makes a classifier from these word lists. It is pure: the same reply always gets the same answer. Opt-outs take precedence over
 * everything except proof of a machine, in any language. A contradictory, conditional or unknown text is `unclear`, never `accepted`.
 */
export function createClassifier(replyWords: ReplyWords): Classifier {
  const lexicons = replyWords.map(compileLexicon);
  return (reply) => {
    const byMail = reply.channel === 'email' ? classifyEnvelope(lexicons, reply) : undefined;
    if (byMail !== undefined) return byMail;
    if (reply.carrierSaysStop === true) return { answer: 'opt-out', because: 'the carrier: STOP' };
    const said = classifyWords(lexicons, reply.text, reply);
    if (reply.channel !== 'email') return said;
    return judge({ said, text: reply.text, partsAnswer: () => partsAnswer(lexicons, reply) }, markOf(lexicons, reply));
  };
}

const noRule: Classification = { answer: 'unclear', because: 'no rule' };

/** The meaning of an e-mail by everything except its body. */
function classifyEnvelope(lexicons: readonly Lexicon[], { subject = '', headers = {} }: Reply): Classification | undefined {
  // Mail programs unsubscribe by a mail with such a subject; the subject of a reply is our own.
  const hit = replyPrefix.test(subject) ? undefined : wholeOptOut(readWords(subject), lexicons);
  if (hit !== undefined) return { answer: 'opt-out', because: `subject: ${hit.phrase}` };
  const mark = machineMark(headers);
  return mark?.weight === 'proof' ? { answer: mark.answer, because: mark.because } : undefined;
}

/** A sign, but no proof, that a program wrote: a header, or a typical subject. */
function markOf(lexicons: readonly Lexicon[], { subject = '', headers = {} }: Reply): MachineMark | undefined {
  return machineMark(headers) ?? awaySubject(lexicons, readWords(subject));
}

function awaySubject(lexicons: readonly Lexicon[], words: readonly Word[]): MachineMark | undefined {
  const hit = longestOf(lexicons.flatMap((lexicon) => find(words, lexicon.automatic.subject)).filter(({ from }) => from === 0));
  return hit === undefined ? undefined : { weight: 'hint', answer: 'auto-reply', because: `subject: ${hit.phrase}` };
}

function classifyWords(lexicons: readonly Lexicon[], text: string, reply: Reply): Classification {
  const written = withoutStretches(readWords(text), lexicons);
  const own = languagesOf(written, lexicons, reply.language);
  const words = bodyOf(written, own, lexicons);
  if (words.length === 0) return asks(text) ? { answer: 'question', because: '?' } : { answer: 'unclear', because: 'no words' };

  const optOut = findOptOut(words, lexicons);
  if (optOut?.plain === true) return { answer: 'opt-out', because: optOut.hit.phrase };
  const automatic = longestOf(lexicons.flatMap((lexicon) => find(words, lexicon.automatic.anywhere)));
  if (automatic !== undefined) return { answer: 'auto-reply', because: automatic.phrase };
  const courtesies = lexicons.map((lexicon) => lexicon.courtesies);
  for (const answer of saidAlone(reply.channel)) {
    const hit = longestOf(lexicons.flatMap((lexicon) => wholeAnswer(words, lexicon, answer, courtesies) ?? []));
    if (hit !== undefined) return { answer, because: hit.phrase };
  }
  const said = readIn(own, { words, asks: asks(text), sours: sours(text), mentionsOptOut: mentionsOptOut(words, lexicons), courtesies });
  // A possible opt-out goes to a person, whatever else the answer says.
  if (optOut !== undefined && !isForPerson(said)) return { answer: 'unclear', because: `opt-out in doubt: ${optOut.hit.phrase}` };
  return said ?? (asks(text) ? { answer: 'question', because: '?' } : noRule);
}

/** The answers that consist only of their words, on this channel. */
const saidAlone = (channel: Channel): readonly Answer[] =>
  namesWith(({ words, wordsOn }) => words === 'whole' && (wordsOn === undefined || wordsOn.includes(channel)));

/** The most clauses that are classified separately: each one costs time. */
const mostClauses = 100;

/** Whether a clause of it accepts, declines or complains, or may be an opt-out, whatever else it says. */
function partsAnswer(lexicons: readonly Lexicon[], { text, language }: Reply): boolean {
  const written = withoutStretches(readWords(text), lexicons);
  const own = languagesOf(written, lexicons, language);
  const words = bodyOf(written, own, lexicons);
  if (findOptOut(words, lexicons) !== undefined) return true;
  const courtesies = lexicons.map((lexicon) => lexicon.courtesies);
  return Object.values(Object.groupBy(words, ({ clause }) => clause))
    .slice(0, mostClauses)
    .some((clause = []) => {
      const said = readIn(own, { words: clause, asks: false, sours: false, mentionsOptOut: false, courtesies });
      return said !== undefined && said.answer !== 'question';
    });
}

/** The classification by each possible language of an answer: they must agree. */
function readIn(lexicons: readonly Lexicon[], said: Said): Classification | undefined {
  const readings = lexicons.map((lexicon) => ({ lexicon, read: readAnswer(said, lexicon) }));
  const reads = readings.flatMap(({ read }) => read ?? []);
  const [first] = reads;
  if (first === undefined || reads.some(({ answer }) => answer !== first.answer)) return first === undefined ? undefined : contradictory;
  // "Tak" is yes in one language and only thanks in another; "pa" is goodbye in one.
  const unsure = readings.some(
    ({ lexicon, read }) =>
      read === undefined &&
      (coverOf(said.words, lexicon.closings).size === said.words.length || find(said.words, lexicon.doubts).length > 0),
  );
  return first.answer === 'accepted' && unsure ? contradictory : first;
}

function isForPerson(said: Classification | undefined): boolean {
  return said !== undefined && answers.get(said.answer).desk === true;
}
