import type { StepModule } from './step-module.js';

export interface ExitSpec {
  /** One of the outcomes of an enrolment. */
  readonly outcome: string;
}

/** Ends the journey. No way leads out. */
export const exit: StepModule = {
  enter: (step) => ({ kind: 'close', outcome: (step.spec as ExitSpec).outcome }),
};
