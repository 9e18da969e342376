import type { AnswerKind } from './answer-kind.js';

/** The customer wants no more messages. The journey ends too, but later: a yes that arrives before that finds nothing to accept. */
export const optOut: AnswerKind = {
  journey: { ending: 'opted-out' },
  consent: 'withdraw',
  offer: 'release',
  meaning: { called: 'Opt-out' },
  feed: { kind: 'stop', text: 'asked to stop' },
  words: 'rules',
};
