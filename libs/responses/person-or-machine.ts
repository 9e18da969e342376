import { absenceIn, speaksOfOurs } from './absence.js';
import type { MachineMark } from './auto-reply.js';
import type { Classification } from './classify.js';
import { asks, readWords } from './reply-text.js';
import { answers, type Answer } from '../journeys/answers/table.js';

/** What an e-mail was taken for by its words. */
export interface Worded {
  readonly said: Classification;
  readonly text: string;
  /** Does a part of it answer, though the whole is not plain? */
  readonly partsAnswer: () => boolean;
}

/** Answers that a person gives in plain words. */
const isPlain = (answer: Answer): boolean => answers.get(answer).plain === true;
/** More of a text is not looked at for questions beside an absence. */
const longestAbsence = 4_000;
/** "Urgent?" asks nothing: a question has more words than this. */
const mostInExclamation = 5;

/**
 * What the words of an e-mail say, against what speaks, short of proof, for a program. Words that plainly end always count.
 * Those that plainly answer go before a hint; beside the words of an absence they are for a person to decide, and nothing
 * else in an absence counts.
 */
export function judge(worded: Worded, mark: MachineMark | undefined): Classification {
  const { said, text } = worded;
  if (said.answer === 'opt-out') return said;
  const byMark = mark === undefined ? undefined : { answer: mark.answer, because: mark.because };
  if (mark?.weight === 'likely') return byMark ?? said;
  const absence = absenceIn(text);
  if (absence !== undefined) {
    if (byMark !== undefined) return byMark;
    return absence.isRemark || isMore(worded) ? absenceAndMore : { answer: 'auto-reply', because: absence.because };
  }
  if (byMark === undefined || isPlain(said.answer)) return said;
  return said.answer === 'question' || worded.partsAnswer() ? { answer: 'unclear', because: byMark.because } : byMark;
}

const absenceAndMore: Classification = { answer: 'unclear', because: 'an absence, and more' };

/** Does a person answer beside the words of an absence? */
function isMore({ said, text, partsAnswer }: Worded): boolean {
  return isPlain(said.answer) || asksSomething(text) || speaksOfOurs(text) || partsAnswer();
}

function asksSomething(text: string): boolean {
  return text
    .slice(0, longestAbsence)
    .split(/(?<=[.!?？؟\n])/)
    .some((sentence) => asks(sentence) && readWords(sentence).length > mostInExclamation);
}
