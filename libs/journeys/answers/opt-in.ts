import type { AnswerKind } from './answer-kind.js';

/** The customer takes an opt-out back, in the word that carriers know for it. */
export const optIn: AnswerKind = {
  consent: 'grant',
  words: 'whole',
  wordsOn: ['sms'],
};
