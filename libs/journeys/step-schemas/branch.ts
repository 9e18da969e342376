import { z } from 'zod';
import { condition, key } from '../written.js';
import type { BranchSpec } from '../steps/branch.js';
import type { StepSchema } from './step-schema.js';

const taken = ['id', 'goto', 'next', 'otherwise'];

export const branch: StepSchema<BranchSpec> = {
  description: 'Takes the way of the first condition that holds, else the way called otherwise, else the next step',
  example: 'branch: { big: customer.monthly_charge >= 80 }',
  spec: z
    .record(
      key.refine((label) => !taken.includes(label), 'is a word with another meaning here; choose another label'),
      condition,
    )
    .refine((rules) => Object.keys(rules).length > 0, 'has no condition')
    .refine((rules) => Object.keys(rules).length <= 50, 'has more than 50 ways; put a branch into the last of them')
    .transform((rules) => ({ rules: Object.entries(rules).map(([label, rule]) => ({ label, rule })) })),
  ways: null,
  named: ({ rules }) => rules.map(({ label }) => label),
  follows: (written) => (written.has('otherwise') ? null : 'otherwise'),
  waits: false,
  mentions: ({ rules }) => rules.map(({ label, rule }) => ({ what: 'rule', text: rule, path: [label] })),
};
