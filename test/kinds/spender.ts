import { z } from 'zod';
import type { Trigger, TriggerKind } from '../../libs/campaigns/triggers/trigger-kind.js';

interface SpenderTrigger extends Trigger<'spender'> {
  /** Minor units a month. */
  readonly above: number;
}

/** A made-up kind of trigger: enrols customers whose monthly charge is above an amount, once. */
export const spender: TriggerKind<SpenderTrigger> = {
  example: '{ charge_above: 50 }',
  called: 'by charge',
  parts: ['charge_above'],
  schema: z
    .strictObject({ charge_above: z.number() })
    .transform((written) => ({ kind: 'spender' as const, above: written.charge_above * 100 })),
  words: ({ above }) => `charge above ${String(above / 100)}`,
  standing: ({ above }, at) => ({
    sql: `select id as customer_id, monthly_charge::float8 as rank, null::float8 as score from customer where monthly_charge > $${String(at)}`,
    params: [above],
  }),
};
