import { leave, perform, ranOut, type StepModule } from './step-module.js';

export interface ChooseSpec {
  /** Keys of treatments. */
  readonly from: readonly string[];
}

/** Chooses a treatment and issues it. Ways: `next`, or `nothing` where nothing pays. */
export const choose: StepModule = {
  enter: (step, { occurrence }) => perform({ kind: 'choose', step: step.id, occurrence, from: (step.spec as ChooseSpec).from }),
  performed: (_step, result) => {
    if (result.kind !== 'chosen') return undefined;
    return result.treatment === null ? leave(['nothing'], 'nothing-pays') : leave(['next'], ranOut);
  },
};
