import { z } from 'zod';
import { outcomes } from '../outcome.js';
import type { ExitSpec } from '../steps/exit.js';
import type { StepSchema } from './step-schema.js';

/** These the engine and the holdout give; a definition does not. */
const reserved: readonly string[] = ['held-out', 'cancelled', 'expired'];

export const exit: StepSchema<ExitSpec> = {
  description: 'Ends the journey with an outcome',
  example: 'exit: saved',
  spec: z.enum(outcomes.filter((outcome) => !reserved.includes(outcome))).transform((outcome) => ({ outcome })),
  ways: [],
  follows: () => null,
  waits: false,
};
