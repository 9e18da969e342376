import { z } from 'zod';
import { stepKinds } from '../journeys/steps/table.js';
import { scoreKinds } from '../scoring/score-model.entity.js';
import { condition, duration, key, money, percent } from '../journeys/written.js';

/** Enrols whose score rises above a bound. */
export const scoreTrigger = z
  .strictObject({
    score: z.enum(scoreKinds),
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
  }));

/** Enrols nobody by itself. */
export const manualTrigger = z
  .strictObject({ manual: z.literal(true).describe('Nobody is enrolled but by hand') })
  .transform(() => ({ kind: 'manual' as const }));

/** Everything in a definition but its journey, which is compiled step by step (compile-journey.ts). */
export const header = z.strictObject({
  campaign: key.describe('The name of the campaign, for good'),
  title: z.string().min(1).max(120).optional().describe('What people call it; its name otherwise'),
  goal: condition.optional().describe('Where this holds the customer is saved, from anywhere in the journey'),
  audience: condition.describe('Who may be enrolled at all'),
  trigger: z.union([scoreTrigger, manualTrigger]),
  holdout: percent.default(0).describe('The share that is enrolled but left alone, to measure against'),
  budget: money.describe('What its offers may cost in all'),
  priority: z.int().min(0).max(1000).default(0).describe('Of several campaigns that want the same customer, the greater number goes first'),
  window: duration.default(30 * 86_400_000).describe('How long an enrolment lasts and when it is measured; 30 days otherwise'),
});

/** The JSON Schema of a definition as it is written, for editors: completion, descriptions, marks under mistakes. */
export function definitionJsonSchema(): object {
  const whole = header.extend({ journey: z.array(writtenStep()).nonempty() });
  return z.toJSONSchema(whole, { io: 'input', target: 'draft-2020-12' });
}

function writtenStep(): z.ZodType {
  const step: z.ZodType = z.lazy(() => z.union([...kinds, goto])).meta({ id: 'step' });
  const way = z.union([step, z.array(step)]).meta({ id: 'way', description: 'One step or a list of steps' });
  const id = z.string().optional().describe('A stable name for the step; derived from its place otherwise');
  const goto = z.strictObject({ goto: z.string().describe('The id of the step to go on with') });
  const kinds = stepKinds.entries.flatMap(([kind, { aliases = [], spec, ways, description }]) =>
    [kind, ...aliases].map((name) => {
      const shape = { [name]: spec, id, ...Object.fromEntries((ways ?? ['otherwise']).map((label) => [label, way.optional()])) };
      const said = name === kind ? description : `${description}. Another name for ${kind}`;
      return (ways === null ? z.object(shape).catchall(way) : z.strictObject(shape)).describe(said);
    }),
  );
  return step;
}
