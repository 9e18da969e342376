import type { JourneyAnswer } from '../journey-signal.js';
import { leave, park, ranOut, type StepModule } from './step-module.js';

export interface AwaitSpec {
  readonly answerWithinMs: number;
}

/** How a journey ends on an answer that the definition names no way for. */
const endings: Readonly<Record<JourneyAnswer, string>> = {
  accepted: 'saved',
  declined: 'declined',
  question: 'handed-over',
  complaint: 'handed-over',
  'opt-out': 'opted-out',
};

/** Waits for an answer. Ways: one an answer, `silence`, and `otherwise` for all that are not named; `next` is a silence too. */
export const awaitAnswer: StepModule = {
  enter: (step, { now }) => park(now + (step.spec as AwaitSpec).answerWithinMs),
  elapsed: () => leave(['silence', 'otherwise', 'next'], ranOut),
  answered: (_step, answer) => leave([answer, 'otherwise'], endings[answer]),
};
