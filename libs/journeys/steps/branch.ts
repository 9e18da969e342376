import { z } from 'zod';
import type { StepEffect, StepResult } from '../effects.js';
import { condition, key } from '../written.js';
import { leave, perform, ranOut, type StepKind } from './step-kind.js';
import { counted } from './step-words.js';

export interface BranchSpec {
  /** In order: the first rule that holds decides the way. */
  readonly rules: readonly { readonly label: string; readonly rule: string }[];
}
/** Which of these rules holds first? */
export interface BranchEffect extends StepEffect<'branch'>, BranchSpec {}
export interface Branched extends StepResult<'branched'> {
  readonly label: string;
}

const taken = ['id', 'goto', 'next', 'otherwise'];

/** Takes the way of the first rule that holds. Ways: one for each label, and `otherwise`. */
export const branch: StepKind<BranchSpec, Branched> = {
  description: 'Takes the branch of the first condition that is true, else the branch called otherwise, else the next step',
  example: 'branch: { big: customer.monthly_charge >= 80 }',
  mistakenFor: ['if', 'split', 'condition'],
  spec: z
    .record(
      key.refine((label) => !taken.includes(label), 'is a word with another meaning here; choose another label'),
      condition,
    )
    .refine((rules) => Object.keys(rules).length > 0, 'has no condition')
    .refine((rules) => Object.keys(rules).length <= 50, 'has more than 50 branches; put another branch step into the last of them')
    .transform((rules) => ({ rules: Object.entries(rules).map(([label, rule]) => ({ label, rule })) })),
  ways: null,
  named: ({ rules }) => rules.map(({ label }) => label),
  follows: (written) => (written.has('otherwise') ? null : 'otherwise'),
  mentions: ({ rules }) => rules.map(({ label, rule }) => ({ what: 'rule', text: rule, path: [label] })),
  words: ({ rules }) => ({ title: 'Branch', detail: counted(rules.length, 'condition') }),
  waits: false,
  enter: ({ id, spec }, { occurrence }) => perform({ kind: 'branch', step: id, occurrence, rules: spec.rules } satisfies BranchEffect),
  effect: 'branch',
  results: ['branched'],
  performed: (_step, { label }) => leave([label, 'otherwise'], ranOut),
};
