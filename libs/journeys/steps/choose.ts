import { z } from 'zod';
import type { StepEffect, StepResult } from '../effects.js';
import { key } from '../written.js';
import { leave, perform, ranOut, type StepKind } from './step-kind.js';
import { counted } from './step-words.js';

export interface ChooseSpec {
  /** Keys of treatments. */
  readonly from: readonly string[];
}
/** Choose a treatment and issue it as an offer, or find that none pays off. */
export interface ChooseEffect extends StepEffect<'choose'> {
  readonly from: readonly string[];
}
export interface Chosen extends StepResult<'chosen'> {
  readonly treatment: string | null;
}

const ending = { label: 'nothing', outcome: 'nothing-pays', usual: true };

/** Chooses a treatment and issues it. Ways: `next`, or `nothing` if no treatment pays off. */
export const choose: StepKind<ChooseSpec, Chosen> = {
  description: 'Chooses the treatment with the highest expected profit and issues it as an offer; if none pays off, ends as nothing-pays',
  example: 'choose: { from: [bill-credit-10, discount-15] }',
  mistakenFor: ['decide', 'treatment'],
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
  ending,
  mentions: ({ from }) => from.map((text, index) => ({ what: 'treatment', text, path: ['from', index] })),
  words: ({ from }) => ({ title: 'Choose treatment', detail: `${counted(from.length, 'candidate')}, or nothing` }),
  waits: false,
  treats: ({ from }) => from,
  enter: ({ id, spec }, { occurrence }) => perform({ kind: 'choose', step: id, occurrence, from: spec.from } satisfies ChooseEffect),
  effect: 'choose',
  results: ['chosen'],
  performed: (_step, { treatment }) => (treatment === null ? leave([ending.label], ending.outcome) : leave(['next'], ranOut)),
};
