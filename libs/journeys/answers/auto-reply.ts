import type { AnswerKind } from './answer-kind.js';

/** A program wrote, for somebody who is away. */
export const autoReply: AnswerKind = {};
