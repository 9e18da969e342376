import type { AnswerKind } from './answer-kind.js';

/** The message could not be delivered. */
export const bounce: AnswerKind = { deliveryReport: true };
