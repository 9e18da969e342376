import { z } from 'zod';
import { duration } from '../written.js';
import type { AwaitSpec } from '../steps/await.js';
import type { StepSchema } from './step-schema.js';

export const awaitAnswer: StepSchema<AwaitSpec> = {
  description: 'Waits for an answer, at most until the campaign window ends',
  example: 'await: { answer_within: 4 days }',
  spec: z.strictObject({ answer_within: duration }).transform((written) => ({ answerWithinMs: written.answer_within })),
  ways: ['accepted', 'declined', 'question', 'complaint', 'opt-out', 'silence', 'otherwise'],
  follows: (written) => (written.has('silence') || written.has('otherwise') ? null : 'silence'),
  takes: ({ answerWithinMs }, way) => (way === 'silence' ? answerWithinMs : 0),
  waits: true,
};
