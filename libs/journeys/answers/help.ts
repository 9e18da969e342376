import type { AnswerKind } from './answer-kind.js';

/** The customer asks what this is: they get an answer at once, with how to end it. */
export const help: AnswerKind = {
  saysBack: 'help',
  plain: true,
  words: 'whole',
};
