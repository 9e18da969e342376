import type { AnswerKind } from './answer-kind.js';

/** The customer revokes an opt-out, with the keyword that carriers know. */
export const optIn: AnswerKind = {
  consent: 'grant',
  words: 'whole',
  wordsOn: ['sms'],
};
