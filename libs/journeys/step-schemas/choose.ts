import { z } from 'zod';
import { key } from '../written.js';
import type { ChooseSpec } from '../steps/choose.js';
import type { StepSchema } from './step-schema.js';

export const choose: StepSchema<ChooseSpec> = {
  description: 'Chooses the treatment that pays most and issues it as an offer; where nothing pays, ends as nothing-pays',
  example: 'choose: { from: [bill-credit-10, discount-15] }',
  spec: z.strictObject({
    from: z
      .array(key)
      .nonempty('names no treatment')
      .max(50, 'names more than 50 treatments')
      .refine((keys) => new Set(keys).size === keys.length, 'names a treatment twice')
      .describe('Keys of treatments'),
  }),
  ways: ['nothing'],
  follows: () => 'next',
  waits: false,
  mentions: ({ from }) => from.map((text, index) => ({ what: 'treatment', text, path: ['from', index] })),
};
