import { Kinds } from '../../platform/kinds.js';
import type { AnswerKind } from './answer-kind.js';
import { accepted } from './accepted.js';
import { autoReply } from './auto-reply.js';
import { bounce } from './bounce.js';
import { complaint } from './complaint.js';
import { declined } from './declined.js';
import { help } from './help.js';
import { optIn } from './opt-in.js';
import { optOut } from './opt-out.js';
import { question } from './question.js';
import { unclear } from './unclear.js';

/** Every kind of answer. A new one is a file beside these, a line here, and its words in config/replies if words decide it. */
const standard = {
  accepted,
  declined,
  question,
  complaint,
  'opt-out': optOut,
  'opt-in': optIn,
  help,
  'auto-reply': autoReply,
  bounce,
  unclear,
} as const satisfies Readonly<Record<string, AnswerKind>>;

/** What an incoming text or click was classified as. */
export type Answer = keyof typeof standard;

export const answers = new Kinds<AnswerKind, Answer>('kind of answer', standard);

/** The answers that a journey can have a way for. */
export const journeyAnswers = (): readonly Answer[] => namesWith(({ journey }) => journey !== undefined);
/** The answers with a common property, in order. */
export const namesWith = (has: (kind: AnswerKind) => boolean): readonly Answer[] =>
  answers.entries.flatMap(([name, kind]) => (has(kind) ? [name] : []));
