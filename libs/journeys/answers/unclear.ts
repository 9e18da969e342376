import type { AnswerKind } from './answer-kind.js';

/** No rule may decide what it means: a person does. */
export const unclear: AnswerKind = {
  desk: true,
};
