import type { AnswerKind } from './answer-kind.js';

/** The customer asks who is writing: they get an answer at once, which says how to unsubscribe. */
export const help: AnswerKind = {
  saysBack: 'help',
  plain: true,
  words: 'whole',
};
