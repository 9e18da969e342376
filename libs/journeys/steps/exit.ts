import { z } from 'zod';
import { outcomes } from '../outcome.js';
import type { StepKind } from './step-kind.js';
import { capitalised } from './step-words.js';

export interface ExitSpec {
  /** One of the outcomes of an enrolment. */
  readonly outcome: string;
}

/** Only the engine and the holdout set these, never a definition. */
const reserved: readonly string[] = ['held-out', 'cancelled', 'expired'];

/** Ends the journey. It has no ways out. */
export const exit: StepKind<ExitSpec> = {
  description: 'Ends the journey with an outcome',
  example: 'exit: saved',
  mistakenFor: ['end', 'stop', 'finish'],
  spec: z.enum(outcomes.filter((outcome) => !reserved.includes(outcome))).transform((outcome) => ({ outcome })),
  ways: [],
  follows: () => null,
  words: ({ outcome }) => ({ title: capitalised(outcome.replaceAll('-', ' ')), detail: '' }),
  waits: false,
  ends: ({ outcome }) => outcome,
  enter: ({ spec }) => ({ kind: 'close', outcome: spec.outcome }),
};
