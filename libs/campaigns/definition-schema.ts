import { z } from 'zod';
import { stepKinds } from '../journeys/steps/table.js';
import { condition, duration, key, money, percent } from '../journeys/written.js';
import { triggerKinds } from './triggers/table.js';

/** Everything in a definition except its trigger and its journey, which have their own readers (read-trigger.ts, compile-journey.ts). */
export const header = z.strictObject({
  campaign: key.describe('The name of the campaign; it never changes'),
  title: z.string().min(1).max(120).optional().describe('The title that people see; the name if there is none'),
  goal: condition.optional().describe('When this is true, the customer is saved, at any step of the journey'),
  audience: condition.describe('Which customers may be enrolled'),
  holdout: percent.default(0).describe('The share of customers who are enrolled and get nothing, for comparison'),
  budget: money.describe('The most that its offers may cost in total'),
  priority: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('When several campaigns want to write to the same customer, the higher number goes first'),
  window: duration.default(30 * 86_400_000).describe('How long an enrolment lasts; it is measured at the end. The default is 30 days'),
});

/** The JSON Schema of a definition as it is written, for editors: completion, descriptions, marked errors. */
export function definitionJsonSchema(): object {
  const whole = header.extend({
    trigger: z.union(triggerKinds.entries.map(([, { schema }]) => schema)),
    journey: z.array(writtenStep()).nonempty(),
  });
  return z.toJSONSchema(whole, { io: 'input', target: 'draft-2020-12' });
}

function writtenStep(): z.ZodType {
  const step: z.ZodType = z.lazy(() => z.union([...kinds, goto])).meta({ id: 'step' });
  const way = z.union([step, z.array(step)]).meta({ id: 'way', description: 'One step or a list of steps' });
  const id = z.string().optional().describe('A stable name for the step; derived from its place if there is none');
  const goto = z.strictObject({ goto: z.string().describe('The id of the step to continue with') });
  const kinds = stepKinds.entries.flatMap(([kind, { aliases = [], spec, ways, description }]) =>
    [kind, ...aliases].map((name) => {
      const shape = { [name]: spec, id, ...Object.fromEntries((ways ?? ['otherwise']).map((label) => [label, way.optional()])) };
      const said = name === kind ? description : `${description}. Another name for ${kind}`;
      return (ways === null ? z.object(shape).catchall(way) : z.strictObject(shape)).describe(said);
    }),
  );
  return step;
}
