import type { JourneyGraph } from '../journeys/graph.js';
import { mentionsOf, stepKinds, candidatesOf } from '../journeys/steps/table.js';
import { parseMoney } from '../platform/money.js';
import { certaintyOf, type Certainty } from '../segments/certainty.js';
import { compileRule } from '../segments/rule.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { inside, placeAt, type Faults, type Place } from './faults.js';
import type { StepPlaces } from './read-steps.js';
import { triggerKinds } from './triggers/table.js';

type Places = ReadonlyMap<string, StepPlaces>;

/**
 * What can never come true, whoever the customers are: a condition that never holds, a goal that always does, a step that the
 * window never reaches, treatments that cost more than the whole budget. Only asked of a definition that has no other fault.
 */
export function checkCertain(definition: CampaignDefinition, places: Places, terms: readonly TreatmentDefinition[], faults: Faults): void {
  const { audience, goal, trigger, journey } = definition;
  const who = compileRule(audience).condition;
  reportNever(certaintyOf(who), placeAt('audience'), faults);
  if (goal !== null) {
    const certainty = certaintyOf(compileRule(goal).condition);
    reportNever(certainty, placeAt('goal'), faults);
    if (certainty.kind === 'always') faults.add(placeAt('goal'), 'holds for everybody, so every journey would end as saved at once');
  }
  const asked = triggerKinds.get(trigger.kind).asks?.(trigger);
  if (asked !== undefined && certaintyOf(who).kind !== 'never') {
    const crossing = certaintyOf({ kind: 'and', sides: [who, asked] });
    if (crossing.kind === 'never') faults.add(placeAt('trigger'), `enrols nobody of the audience: ${crossing.why}`);
  }
  for (const step of Object.values(journey.steps)) {
    const at = places.get(step.id)?.specPlace;
    if (at === undefined) continue;
    for (const { what, text, path } of mentionsOf(step))
      if (what === 'rule') reportNever(certaintyOf(compileRule(text).condition), inside(at, path), faults);
    const treatments = candidatesOf(step);
    if (treatments !== undefined) checkBudget(definition, treatments, terms, inside(at, ['from']), faults);
  }
  checkWindow(journey, definition.windowMs, places, faults);
}

function reportNever(certainty: Certainty, place: Place, faults: Faults): void {
  if (certainty.kind === 'never') faults.add(place, `never holds: ${certainty.why}`);
}

/** Treatments of which the budget could not pay a single one. */
function checkBudget(
  { budget }: CampaignDefinition,
  from: readonly string[],
  terms: readonly TreatmentDefinition[],
  place: Place,
  faults: Faults,
): void {
  const named = terms.filter(({ treatment }) => from.includes(treatment));
  const costs = named.map(({ treatment, cost }) => ({
    treatment,
    written: 'fixed' in cost ? cost.fixed : null,
    cost: 'fixed' in cost ? parseMoney(cost.fixed) : undefined,
  }));
  const beyond = costs.filter(({ cost }) => cost !== undefined && (cost.currency !== budget.currency || cost.minor > budget.minor));
  if (named.length < from.length || beyond.length < named.length) return;
  faults.add(
    place,
    `the budget pays for none of these: ${beyond.map(({ treatment, written }) => `${treatment} costs ${String(written)}`).join(', ')}`,
  );
}

/** Steps to which a customer comes at the earliest when the window has ended. */
function checkWindow(graph: JourneyGraph, windowMs: number, places: Places, faults: Faults): void {
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
      faults.add(place, `is never reached: it comes after ${days(ms)} at the earliest, and the window of ${days(windowMs)} has ended then`);
    else if (takes > windowMs)
      faults.add(
        place,
        `takes ${days(takes)}, and the window ends after ${days(windowMs)}; write window: ${days(takes + ms)} or more, or wait for less`,
      );
  }
}

/** Milliseconds after which each step can be reached at the earliest: the shortest way through the graph. */
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
