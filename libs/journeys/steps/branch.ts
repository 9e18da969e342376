import { leave, perform, ranOut, type StepModule } from './step-module.js';

export interface BranchSpec {
  /** In order: the first rule that holds names the way. */
  readonly rules: readonly { readonly label: string; readonly rule: string }[];
}

/** Takes the way of the first rule that holds. Ways: one a label, and `otherwise`. */
export const branch: StepModule = {
  enter: (step, { occurrence }) => perform({ kind: 'branch', step: step.id, occurrence, rules: (step.spec as BranchSpec).rules }),
  performed: (_step, result) => (result.kind === 'branched' ? leave([result.label, 'otherwise'], ranOut) : undefined),
};
