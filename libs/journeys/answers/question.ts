import type { AnswerKind } from './answer-kind.js';

/** The customer asks something: a person answers, and the offer stays open. */
export const question: AnswerKind = {
  journey: { ending: 'handed-over' },
  desk: true,
  meaning: { called: 'A question' },
  feed: { kind: 'question', text: 'asked a question' },
  personal: true,
  words: 'rules',
};
