import { leave, park, ranOut, type StepModule } from './step-module.js';

export interface WaitSpec {
  readonly forMs: number;
}

/** Lets time pass. Way: `next`. */
export const wait: StepModule = {
  enter: (step, { now }) => park(now + (step.spec as WaitSpec).forMs),
  elapsed: () => leave(['next'], ranOut),
};
