import { duration } from '../written.js';
import type { WaitSpec } from '../steps/wait.js';
import type { StepSchema } from './step-schema.js';

export const wait: StepSchema<WaitSpec> = {
  description: 'Lets time pass',
  example: 'wait: 2 days',
  spec: duration.transform((forMs) => ({ forMs })),
  ways: [],
  follows: () => 'next',
  takes: ({ forMs }) => forMs,
  waits: true,
};
