import type { Channel } from '../customers/contact-point.entity.js';
import { absenceIn, speaksOfOurs } from './absence.js';
import { machineMark, type MachineMark } from './auto-reply.js';
import { compileLexicon, find, findWhole, holds, isNegated, longestOf, type Hit, type Lexicon } from './lexicon.js';
import { asks, readWords, type Word } from './reply-text.js';
import type { ReplyWords, WordedAnswer } from './reply-words.js';
import type { Answer } from './response.entity.js';
import { visibleText } from './visible-text.js';

/** What a customer sent. */
export interface Reply {
  readonly channel: Channel;
  readonly text: string;
  /** The customer's language, as in `de` or `de-AT`: its words are looked up first. */
  readonly language?: string;
  /** E-mail only. */
  readonly subject?: string;
  /** E-mail only: header values by lower-case name, and the envelope's sender as `return-path`, `<>` where it was empty. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SMS only: the carrier has itself taken this for an opt-out (Twilio's OptOutType). */
  readonly carrierSaysStop?: boolean;
}

export interface Classification {
  readonly answer: Answer;
  /** The word or rule that decided. */
  readonly because: string;
}

export type Classifier = (reply: Reply) => Classification;

/** More words than this are not brief. */
const briefLength = 5;
/** Lines that may each be an answer of their own: every one costs time, and nobody writes as many before they say it. */
const mostLines = 500;
const replyPrefix = /^\s*(re|aw|antw|fw|fwd|wg|rv|tr|auto|automatic reply|automatische antwort)\s*:/i;

/**
 * Makes the classifier that knows these words. It is pure: the same reply always gets the same answer. Opt-outs go before
 * everything but proof of a machine, in any language; what is contradictory is `unclear`, never `accepted`.
 */
export function createClassifier(replyWords: ReplyWords): Classifier {
  const lexicons = replyWords.map(compileLexicon);
  return (reply) => {
    const byMail = reply.channel === 'email' ? classifyEnvelope(lexicons, reply) : undefined;
    if (byMail !== undefined) return byMail;
    if (reply.carrierSaysStop === true) return { answer: 'opt-out', because: 'the carrier: STOP' };
    const text = reply.channel === 'email' ? visibleText(reply.text) : reply.text;
    const words = classifyWords(lexicons, text, reply, ['whole', 'brief', 'anywhere']);
    const said = words === noRule ? classifyLines(lexicons, text, reply) : words;
    return reply.channel === 'email' ? weighed(said, text, markOf(lexicons, reply)) : said;
  };
}

/** More of a text is not looked at for questions beside an absence. */
const longestAbsence = 4_000;

const noRule: Classification = { answer: 'unclear', because: 'no rule' };
const contradictory: Classification = { answer: 'unclear', because: 'contradictory' };

/** What an e-mail says before anybody reads its body. */
function classifyEnvelope(lexicons: readonly Lexicon[], { subject = '', headers = {} }: Reply): Classification | undefined {
  // Mail programs unsubscribe by a mail whose subject says so; a subject that came back with a reply is our own.
  const hit = replyPrefix.test(subject) ? undefined : findOptOut(lexicons, readWords(subject), ['whole']);
  if (hit !== undefined) return { answer: 'opt-out', because: `subject: ${hit.phrase}` };
  const mark = machineMark(headers);
  return mark?.weight === 'proof' ? { answer: mark.answer, because: mark.because } : undefined;
}

/** What says, short of proof, that a program wrote: a header, or a subject as programs write it. */
function markOf(lexicons: readonly Lexicon[], { subject = '', headers = {} }: Reply): MachineMark | undefined {
  return machineMark(headers) ?? awaySubject(lexicons, readWords(subject));
}

function awaySubject(lexicons: readonly Lexicon[], words: readonly Word[]): MachineMark | undefined {
  const hit = longestOf(lexicons.flatMap((lexicon) => find(words, lexicon.automatic.subject)).filter(({ from }) => from === 0));
  return hit === undefined ? undefined : { weight: 'hint', answer: 'auto-reply', because: `subject: ${hit.phrase}` };
}

/** Answers that a person gives in plain words. */
const plainAnswers: readonly Answer[] = ['accepted', 'declined', 'complaint', 'help'];

/**
 * What the words say, against what speaks for a program. Words that plainly end always count. Those that plainly answer go
 * before a hint; beside the words of an absence they are for a person to decide, and nothing else in an absence counts.
 */
function weighed(said: Classification, text: string, mark: MachineMark | undefined): Classification {
  if (said.answer === 'opt-out') return said;
  const byMark = mark === undefined ? undefined : { answer: mark.answer, because: mark.because };
  if (mark?.weight === 'likely') return byMark ?? said;
  const absence = absenceIn(text);
  if (absence !== undefined) {
    if (byMark !== undefined) return byMark;
    return plainAnswers.includes(said.answer) || asksSomething(text) || speaksOfOurs(text)
      ? absenceAndAnswer
      : { answer: 'auto-reply', because: absence };
  }
  if (byMark === undefined || plainAnswers.includes(said.answer)) return said;
  return said.answer === 'question' ? { answer: 'unclear', because: byMark.because } : byMark;
}

const absenceAndAnswer: Classification = { answer: 'unclear', because: 'an absence, and more' };

/** A question of some length: "Urgent?" asks nothing. */
function asksSomething(text: string): boolean {
  return text
    .slice(0, longestAbsence)
    .split(/(?<=[.!?？؟\n])/)
    .some((sentence) => asks(sentence) && readWords(sentence).length > briefLength);
}

/** "Yes", a blank line, a name: where the whole says nothing, a line of its own may, unless another line contradicts it. */
function classifyLines(lexicons: readonly Lexicon[], text: string, reply: Reply): Classification {
  const lines = text.split(/[\r\n]+/, mostLines).map((line) => classifyWords(lexicons, line, reply, ['whole']));
  const clear = lines.filter((line) => line.answer !== 'unclear');
  const first = clear.find((line) => line.answer === 'opt-out') ?? clear[0];
  if (first === undefined) return noRule;
  if (first.answer === 'opt-out') return first;
  if (first.answer === 'accepted' && mentionsOptOut(lexicons, readWords(text))) return contradictory;
  return clear.every((line) => line.answer === first.answer) ? first : contradictory;
}

function classifyWords(lexicons: readonly Lexicon[], text: string, reply: Reply, forms: readonly Form[]): Classification {
  const words = readWords(text);
  const question = asks(text);
  const optOut = findOptOut(lexicons, words, forms);
  if (optOut !== undefined) return { answer: 'opt-out', because: optOut.phrase };
  const automatic = longestOf(lexicons.flatMap((lexicon) => find(words, lexicon.automatic.anywhere)));
  if (automatic !== undefined) return { answer: 'auto-reply', because: automatic.phrase };
  const keywords = ['help', ...(reply.channel === 'sms' ? (['opt-in'] as const) : [])] as const;
  for (const answer of keywords) {
    const hit = lexicons.map((lexicon) => wholeHit(lexicon, words, answer)).find((found) => found !== undefined);
    if (hit !== undefined) return { answer, because: hit.phrase };
  }
  for (const lexicon of ownFirst(lexicons, reply.language)) {
    const found = classifyIn(lexicon, words, question);
    if (found !== undefined) return mentionsOptOut(lexicons, words) && found.answer === 'accepted' ? contradictory : found;
  }
  if (question) return { answer: 'question', because: '?' };
  return words.length === 0 ? { answer: 'unclear', because: 'no words' } : noRule;
}

/** What one language makes of an answer that is no opt-out. */
function classifyIn(lexicon: Lexicon, words: readonly Word[], question: boolean): Classification | undefined {
  const hits = {
    complaint: findAnswer(lexicon, words, 'complaint'),
    declined: findAnswer(lexicon, words, 'declined'),
    accepted: findAnswer(lexicon, words, 'accepted', 'clause'),
    question: findAnswer(lexicon, words, 'question'),
  };
  if (hits.complaint !== undefined) return { answer: 'complaint', because: hits.complaint.phrase };
  if (question || (hits.question !== undefined && hits.accepted === undefined && hits.declined === undefined)) {
    return hits.question === undefined ? undefined : { answer: 'question', because: hits.question.phrase };
  }
  const { accepted, declined } = hits;
  if (declined !== undefined && (accepted === undefined || holds(declined, accepted)))
    return { answer: 'declined', because: declined.phrase };
  if (accepted === undefined) return undefined;
  return declined === undefined && hits.question === undefined ? { answer: 'accepted', because: accepted.phrase } : contradictory;
}

function findAnswer(
  lexicon: Lexicon,
  words: readonly Word[],
  answer: WordedAnswer,
  reach: 'bridge' | 'clause' = 'bridge',
): Hit | undefined {
  const whole = wholeHit(lexicon, words, answer);
  if (whole !== undefined) return whole;
  return longestOf(find(words, lexicon.answers[answer].anywhere).filter((found) => !isNegated(words, found, lexicon, reach)));
}

function wholeHit(lexicon: Lexicon, words: readonly Word[], answer: WordedAnswer): Hit | undefined {
  const { whole, fill } = lexicon.answers[answer];
  return findWhole(words, whole, fill);
}

type Form = 'whole' | 'brief' | 'anywhere';

/** An opt-out in any of the languages, or in a mixture of them. */
function findOptOut(lexicons: readonly Lexicon[], words: readonly Word[], forms: readonly Form[]): Hit | undefined {
  const fill = lexicons.flatMap((lexicon) => lexicon.answers['opt-out'].fill);
  const whole = forms.includes('whole') ? lexicons.map((lexicon) => findWhole(words, lexicon.answers['opt-out'].whole, fill)) : [];
  const brief = forms.includes('brief') && words.length <= briefLength ? meant(lexicons, words, 'brief') : [];
  const anywhere = forms.includes('anywhere') ? meant(lexicons, words, 'anywhere') : [];
  return longestOf([...whole, ...brief, ...anywhere].filter((hit) => hit !== undefined));
}

/** Does a word of opting out stand anywhere, though it did not decide? */
function mentionsOptOut(lexicons: readonly Lexicon[], words: readonly Word[]): boolean {
  return meant(lexicons, words, 'whole').length > 0;
}

/**
 * Where a phrase of opting out stands and is meant: neither turned round nor part of something harmless, in any of the
 * languages that know it ("stop" is in all of them, "don't" in one).
 */
function meant(lexicons: readonly Lexicon[], words: readonly Word[], form: Form): Hit[] {
  const known = lexicons.flatMap((lexicon) => {
    const spared = find(words, lexicon.spared);
    return find(words, lexicon.answers['opt-out'][form]).map((hit) => ({
      hit,
      meant: !spared.some((phrase) => holds(phrase, hit)) && !isNegated(words, hit, lexicon, 'bridge'),
    }));
  });
  const dismissed = new Set(known.filter((one) => !one.meant).map(({ hit }) => `${hit.from}-${hit.to}`));
  return known.map(({ hit }) => hit).filter((hit) => !dismissed.has(`${hit.from}-${hit.to}`));
}

function ownFirst(lexicons: readonly Lexicon[], language = 'en'): Lexicon[] {
  const own = language.slice(0, 2).toLowerCase();
  return [...lexicons].sort((a, b) => Number(b.language === own) - Number(a.language === own));
}
