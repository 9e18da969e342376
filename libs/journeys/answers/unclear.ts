import type { AnswerKind } from './answer-kind.js';

/** No rule may decide what it means: a person decides. */
export const unclear: AnswerKind = {
  desk: true,
};
