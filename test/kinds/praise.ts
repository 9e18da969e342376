import type { AnswerKind } from '../../libs/journeys/answers/answer-kind.js';

/** A made-up kind of answer: journeys are notified, a person reads it, and words decide it. */
export const praise: AnswerKind = {
  journey: { ending: 'saved' },
  desk: true,
  meaning: { called: 'Praise' },
  personal: true,
  words: 'said',
};
