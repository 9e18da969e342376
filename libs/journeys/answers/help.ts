import type { AnswerKind } from './answer-kind.js';

/** The customer asks what this is: they are told at once, and how to end it. */
export const help: AnswerKind = {
  plain: true,
  words: 'whole',
};
