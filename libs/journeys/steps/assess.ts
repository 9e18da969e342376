import type { StepEffect, StepResult } from '../effects.js';
import { condition } from '../written.js';
import { leave, perform, ranOut, type StepKind } from './step-kind.js';

export interface AssessSpec {
  /** CEL: the journey continues if it holds. */
  readonly rule: string;
}
/** Check the customer again: does the rule still hold? */
export interface AssessEffect extends StepEffect<'assess'> {
  readonly rule: string;
}
export interface Assessed extends StepResult<'assessed'> {
  readonly holds: boolean;
}

const ending = { label: 'otherwise', outcome: 'recovered', usual: true };

/** Checks the customer again. Ways: `next` if the rule holds, otherwise `otherwise`. */
export const assess: StepKind<AssessSpec, Assessed> = {
  description: 'Checks the customer again and continues if the condition is true; otherwise ends as recovered',
  example: 'assess: score.churn > 0.4',
  mistakenFor: ['check'],
  spec: condition.transform((rule) => ({ rule })),
  ways: ['otherwise'],
  follows: () => 'next',
  ending,
  mentions: ({ rule }) => [{ what: 'rule', text: rule, path: [] }],
  words: ({ rule }) => ({ title: 'Assess', detail: rule }),
  waits: false,
  enter: ({ id, spec }, { occurrence }) => perform({ kind: 'assess', step: id, occurrence, rule: spec.rule } satisfies AssessEffect),
  effect: 'assess',
  results: ['assessed'],
  performed: (_step, { holds }) => (holds ? leave(['next'], ranOut) : leave([ending.label], ending.outcome)),
};
