import type { AnswerKind } from './answer-kind.js';

/** The customer refuses the offer. */
export const declined: AnswerKind = {
  journey: { ending: 'declined' },
  offer: 'decline',
  meaning: { called: 'Declined' },
  feed: { kind: 'declined', text: 'declined' },
  personal: true,
  plain: true,
  words: 'rules',
};
