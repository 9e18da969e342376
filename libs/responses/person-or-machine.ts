import { absenceIn, speaksOfOurs } from './absence.js';
import type { MachineMark } from './auto-reply.js';
import type { Classification } from './classify.js';
import { asks, readWords } from './reply-text.js';
import { answers, type Answer } from '../journeys/answers/table.js';

/** The classification of an e-mail by its words. */
export interface Worded {
  readonly said: Classification;
  readonly text: string;
  /** Whether a part of it answers, although the whole is not clear. */
  readonly partsAnswer: () => boolean;
}

/** Answers that a person gives in clear words. */
const isPlain = (answer: Answer): boolean => answers.get(answer).plain === true;
/** The rest of a text is not searched for questions beside an absence. */
const longestAbsence = 4_000;
/** "Urgent?" is not a question: a question has more words than this. */
const mostInExclamation = 5;

/**
 * The classification by the words of an e-mail, weighed against signs of a program. A clear opt-out always counts. A clear answer takes
 * precedence over a hint; in an absence note a person decides about it, and nothing else in an absence note counts.
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

/** Whether a person answers beside the words of an absence. */
function isMore({ said, text, partsAnswer }: Worded): boolean {
  return isPlain(said.answer) || asksSomething(text) || speaksOfOurs(text) || partsAnswer();
}

function asksSomething(text: string): boolean {
  return text
    .slice(0, longestAbsence)
    .split(/(?<=[.!?？؟\n])/)
    .some((sentence) => asks(sentence) && readWords(sentence).length > mostInExclamation);
}
