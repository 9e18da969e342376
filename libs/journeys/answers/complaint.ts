import type { AnswerKind } from './answer-kind.js';

/** The customer complains in words, which a person reads, or by the spam button of a mail program. */
export const complaint: AnswerKind = {
  journey: { ending: 'handed-over' },
  reported: { consent: 'withdraw' },
  desk: true,
  feed: { kind: 'question', text: 'complained' },
  plain: true,
  words: 'said',
};
