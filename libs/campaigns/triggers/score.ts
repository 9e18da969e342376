import { z } from 'zod';
import { queryOne } from '../../persistence/sql.js';
import { scoreKinds } from '../../scores/kinds/table.js';
import { knownFields } from '../../segments/fields.js';
import { placeAt } from '../definition-errors.js';
import type { Trigger, TriggerKind } from './trigger-kind.js';

export interface ScoreTrigger extends Trigger<'score'> {
  readonly score: string;
  readonly risesAbove: number;
  /** A customer can be enrolled again once the score fell below this. */
  readonly fallsBelow: number;
}

/** Enrols customers whose score rises above a bound, the highest risk first. */
export const score: TriggerKind<ScoreTrigger> = {
  example: '{ score: churn, rises_above: 0.60, falls_below: 0.50 }',
  called: 'by score',
  parts: ['score', 'rises_above', 'falls_below'],
  otherNames: { above: 'rises_above', below: 'falls_below', threshold: 'rises_above', crosses: 'rises_above' },
  schema: z
    .strictObject({
      score: scoreKinds.name,
      rises_above: z.number().describe('Enrols when the score rises above this'),
      falls_below: z.number().describe('A customer can be enrolled again once the score fell below this'),
    })
    .refine((trigger) => trigger.falls_below <= trigger.rises_above, {
      path: ['falls_below'],
      error: 'must not be above rises_above: a customer can be enrolled again once the score fell below it',
    })
    .transform((trigger) => ({
      kind: 'score' as const,
      score: trigger.score,
      risesAbove: trigger.rises_above,
      fallsBelow: trigger.falls_below,
    })),
  // A bound that no score can pass would never enrol anybody.
  check: ({ score: kind, risesAbove, fallsBelow }, errors) => {
    const range = scoreKinds.find(kind)?.range;
    if (range === undefined) return;
    const { least, most } = range;
    const said = `a ${kind} score is ${range.called} from ${String(least)} to ${String(most)}`;
    const likely = (bound: number): string => (bound > 1 && bound < 100 ? `; write ${String(bound / 100)}` : '');
    if (risesAbove >= most)
      errors.add(placeAt('trigger', 'rises_above'), `${said}, so it never rises above ${String(risesAbove)}${likely(risesAbove)}`);
    if (risesAbove < least) errors.add(placeAt('trigger', 'rises_above'), `${said}, so it is always above ${String(risesAbove)}`);
    if (fallsBelow < least) errors.add(placeAt('trigger', 'falls_below'), `${said}, so it never falls below ${String(fallsBelow)}`);
  },
  instead: (text) => {
    const [, kind = '', bound] = /^(?:score\.)?(\w+)\s*(?:>=?\s*([\d.]+))?$/.exec(text) ?? [];
    if (!scoreKinds.has(kind)) return undefined;
    const above = bound === undefined ? 0.6 : Number(bound) > 1 ? Number(bound) / 100 : Number(bound);
    return `{ score: ${kind}, rises_above: ${String(above)}, falls_below: ${String(Math.round(above * 85) / 100)} }`;
  },
  words: (trigger) => `${trigger.score} rises above ${trigger.risesAbove.toFixed(2)}`,
  asks: (trigger) => {
    const field = knownFields().find((each) => each.of === 'score' && each.name === trigger.score);
    if (field === undefined) return undefined;
    return { kind: 'compare', by: '>', left: { kind: 'field', field }, right: { kind: 'literal', value: trigger.risesAbove } };
  },
  warnings: async (em, trigger) => {
    const scores = await queryOne<{ any: boolean; highest: number | null; above: boolean }>(
      em,
      `select exists (select 1 from score where kind = $1) as any, (select max(value) from score where kind = $1) as highest,
              exists (select 1 from score where kind = $1 and value > $2) as above`,
      [trigger.score, trigger.risesAbove],
    );
    if (scores === undefined || scores.above) return [];
    const what =
      scores.highest === null
        ? `no customer has the ${trigger.score} score yet`
        : `nobody's ${trigger.score} score is above ${String(trigger.risesAbove)} now; the highest is ${scores.highest.toFixed(2)}`;
    return [{ where: 'trigger', what }];
  },
  standing: (trigger, at) => ({
    sql: `select customer_id, value as rank, value as score from score where kind = $${String(at)} and value > $${String(at + 1)}`,
    params: [trigger.score, trigger.risesAbove],
  }),
  armsAgain: (trigger, at) => ({
    sql: `exists (select 1 from score s where s.customer_id = t.customer_id and s.kind = $${String(at)} and s.value < $${String(at + 1)})`,
    params: [trigger.score, trigger.fallsBelow],
  }),
  entersAt: ({ score: kind, risesAbove }) => ({ score: kind, must: 'rise-above', bound: risesAbove }),
  armedAt: ({ score: kind, fallsBelow }) => ({ score: kind, must: 'fall-below', bound: fallsBelow }),
};
