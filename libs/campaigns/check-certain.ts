import type { JourneyGraph } from '../journeys/graph.js';
import { mentionsOf, stepKinds, candidatesOf } from '../journeys/steps/table.js';
import { parseMoney } from '../platform/money.js';
import { certaintyOf, type Certainty } from '../segments/certainty.js';
import { compileRule } from '../segments/rule.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { inside, placeAt, type DefinitionErrors, type Place } from './definition-errors.js';
import type { StepPlaces } from './read-steps.js';
import { triggerKinds } from './triggers/table.js';

type Places = ReadonlyMap<string, StepPlaces>;

/**
 * Finds what can never work, whoever the customers are: a condition that never holds, a goal that always holds, a step that comes after the
 * window, treatments that cost more than the whole budget. Only for a definition without other errors.
 */
export function checkCertain(
  definition: CampaignDefinition,
  places: Places,
  terms: readonly TreatmentDefinition[],
  errors: DefinitionErrors,
): void {
  const { audience, goal, trigger, journey } = definition;
  const who = compileRule(audience).condition;
  reportNever(certaintyOf(who), placeAt('audience'), errors);
  if (goal !== null) {
    const certainty = certaintyOf(compileRule(goal).condition);
    reportNever(certainty, placeAt('goal'), errors);
    if (certainty.kind === 'always') errors.add(placeAt('goal'), 'is true for everybody, so every journey would end as saved at once');
  }
  const asked = triggerKinds.get(trigger.kind).asks?.(trigger);
  if (asked !== undefined && certaintyOf(who).kind !== 'never') {
    const crossing = certaintyOf({ kind: 'and', sides: [who, asked] });
    if (crossing.kind === 'never') errors.add(placeAt('trigger'), `enrols nobody in the audience: ${crossing.why}`);
  }
  for (const step of Object.values(journey.steps)) {
    const at = places.get(step.id)?.specPlace;
    if (at === undefined) continue;
    for (const { what, text, path } of mentionsOf(step))
      if (what === 'rule') reportNever(certaintyOf(compileRule(text).condition), inside(at, path), errors);
    const treatments = candidatesOf(step);
    if (treatments !== undefined) checkBudget(definition, treatments, terms, inside(at, ['from']), errors);
  }
  checkWindow(journey, definition.windowMs, places, errors);
}

function reportNever(certainty: Certainty, place: Place, errors: DefinitionErrors): void {
  if (certainty.kind === 'never') errors.add(place, `is never true: ${certainty.why}`);
}

/** Treatments that each cost more than the whole budget. */
function checkBudget(
  { budget }: CampaignDefinition,
  from: readonly string[],
  terms: readonly TreatmentDefinition[],
  place: Place,
  errors: DefinitionErrors,
): void {
  const named = terms.filter(({ treatment }) => from.includes(treatment));
  const costs = named.map(({ treatment, cost }) => ({
    treatment,
    written: 'fixed' in cost ? cost.fixed : null,
    cost: 'fixed' in cost ? parseMoney(cost.fixed) : undefined,
  }));
  const beyond = costs.filter(({ cost }) => cost !== undefined && (cost.currency !== budget.currency || cost.minor > budget.minor));
  if (named.length < from.length || beyond.length < named.length) return;
  errors.add(
    place,
    `the budget pays for none of these: ${beyond.map(({ treatment, written }) => `${treatment} costs ${String(written)}`).join(', ')}`,
  );
}

/** Steps that a customer reaches only after the window has ended. */
function checkWindow(graph: JourneyGraph, windowMs: number, places: Places, errors: DefinitionErrors): void {
  const days = (ms: number): string => `${String(Math.round((ms / 86_400_000) * 10) / 10)} days`;
  for (const [id, ms] of earliest(graph)) {
    const step = graph.steps[id];
    const place = places.get(id)?.place;
    if (step === undefined || place === undefined) continue;
    const takes = Math.max(
      0,
      ...Object.keys(step.ways)
        .concat('silence')
        .map((way) => stepKinds.get(step.kind).takes?.(step.spec, way) ?? 0),
    );
    if (ms >= windowMs)
      errors.add(place, `is never reached: it comes after ${days(ms)} at the earliest, and the window of ${days(windowMs)} has ended then`);
    else if (takes > windowMs)
      errors.add(
        place,
        `takes ${days(takes)}, and the window ends after ${days(windowMs)}; write window: ${days(takes + ms)} or more, or wait for less`,
      );
  }
}

/** For each step the earliest time at which it can be reached, in milliseconds: the shortest way through the graph. */
function earliest({ first, steps }: JourneyGraph): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const open = new Map<string, number>([[first, 0]]);
  while (open.size > 0) {
    const [id, ms] = [...open].reduce((least, each) => (each[1] < least[1] ? each : least));
    open.delete(id);
    found.set(id, ms);
    const step = steps[id];
    if (step === undefined) continue;
    for (const [way, to] of Object.entries(step.ways)) {
      const at = ms + (stepKinds.get(step.kind).takes?.(step.spec, way) ?? 0);
      if (!found.has(to) && at < (open.get(to) ?? Infinity)) open.set(to, at);
    }
  }
  return found;
}
