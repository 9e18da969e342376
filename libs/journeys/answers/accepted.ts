import type { AnswerKind } from './answer-kind.js';

/** The customer takes the offer. */
export const accepted: AnswerKind = {
  journey: { ending: 'saved' },
  offer: 'accept',
  meaning: { called: 'Accepted' },
  saysBack: 'too-late',
  personal: true,
  plain: true,
  words: 'rules',
};
