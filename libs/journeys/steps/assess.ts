import { leave, perform, ranOut, type StepModule } from './step-module.js';

export interface AssessSpec {
  /** CEL: goes on where it holds. */
  readonly rule: string;
}

/** Looks at the customer again. Ways: `next` where the rule holds, else `otherwise` (which ends as recovered). */
export const assess: StepModule = {
  enter: (step, { occurrence }) => perform({ kind: 'assess', step: step.id, occurrence, rule: (step.spec as AssessSpec).rule }),
  performed: (_step, result) => {
    if (result.kind !== 'assessed') return undefined;
    return result.holds ? leave(['next'], ranOut) : leave(['otherwise'], 'recovered');
  },
};
