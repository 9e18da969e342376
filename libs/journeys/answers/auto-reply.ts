import type { AnswerKind } from './answer-kind.js';

/** A program answered for somebody who is away. */
export const autoReply: AnswerKind = {};
