import { condition } from '../written.js';
import type { AssessSpec } from '../steps/assess.js';
import type { StepSchema } from './step-schema.js';

export const assess: StepSchema<AssessSpec> = {
  description: 'Looks at the customer again and goes on where the condition holds; otherwise ends as recovered',
  example: 'assess: score.churn > 0.4',
  spec: condition.transform((rule) => ({ rule })),
  ways: ['otherwise'],
  follows: () => 'next',
  waits: false,
  mentions: ({ rule }) => [{ what: 'rule', text: rule, path: [] }],
};
