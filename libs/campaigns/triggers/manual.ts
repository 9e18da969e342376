import { z } from 'zod';
import type { Trigger, TriggerKind } from './trigger-kind.js';

export type ManualTrigger = Trigger<'manual'>;

const example = '{ manual: true }';

/** Never enrols automatically. */
export const manual: TriggerKind<ManualTrigger> = {
  example,
  called: 'by hand',
  parts: ['manual'],
  schema: z
    .strictObject({ manual: z.literal(true).describe('Customers are enrolled only by hand') })
    .transform(() => ({ kind: 'manual' as const })),
  instead: (text) => (/manual|hand/i.test(text) ? example : undefined),
  words: () => 'by hand',
};
