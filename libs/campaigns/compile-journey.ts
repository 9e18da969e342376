import type { GraphStep, JourneyGraph } from '../journeys/graph.js';
import { stepKinds } from '../journeys/steps/table.js';
import { didYouMean } from '../platform/nearest.js';
import { checkOffers } from './check-offers.js';
import { inside, placeAt, type DefinitionErrors, type Place } from './definition-errors.js';
import { readSteps, type Known, type ReadStep, type StepPlaces, type WrittenStep } from './read-steps.js';

/** A journey with the places of its steps, by id. */
export interface CompiledJourney {
  readonly graph: JourneyGraph;
  readonly places: ReadonlyMap<string, StepPlaces>;
}

/** Compiles the written journey into a graph. Everything that is wrong goes into `errors`; the graph is then unusable. */
export function compileJourney(written: unknown, errors: DefinitionErrors, known: Known): CompiledJourney {
  const list = readSteps(written, placeAt('journey'), '', errors, known);
  if (Array.isArray(written) && written.length === 0) errors.add(placeAt('journey'), 'has no steps');
  const named = new Map<string, ReadStep>();
  if ([...allSteps(list)].length > mostSteps) {
    errors.add(placeAt('journey'), `has more than ${String(mostSteps)} steps; divide it into several campaigns`);
    return { graph: { first: '', steps: {} }, places: named };
  }
  for (const step of allSteps(list)) {
    if (named.has(step.id)) errors.add(step.place, `is the second step with the id ${step.id}`);
    named.set(step.id, step);
  }
  for (const { goto, place } of allGotos(list)) {
    if (!named.has(goto))
      errors.add(
        place,
        `there is no step ${goto} to go to${didYouMean(goto, named.keys()) || `; there are ${firstOf([...named.keys()])}`}`,
      );
  }
  const steps: Record<string, GraphStep> = {};
  const first = link(list, null, steps);
  const graph: JourneyGraph = { first: first ?? '', steps };
  if (errors.found.length === 0) checkReach(graph, named, errors);
  checkLoops(graph, named, errors);
  if (errors.found.length === 0) checkOffers(graph, named, errors, known);
  return { graph, places: named };
}

/** More than a person can follow, and few enough to check every loop. */
const mostSteps = 500;

const firstOf = (ids: readonly string[]): string => `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`;

/** Links each step to the steps that its ways lead to. `after`: the step after the end of this list. Returns the first step of the list. */
function link(list: readonly WrittenStep[], after: string | null, steps: Record<string, GraphStep>): string | null {
  let next = after;
  const built: [string, GraphStep][] = [];
  for (const written of [...list].reverse()) {
    if ('goto' in written) {
      next = written.goto;
      continue;
    }
    const nested: Record<string, GraphStep> = {};
    const ways: Record<string, string> = {};
    for (const [label, children] of written.ways) {
      const to = link(children, next, nested);
      if (to !== null) ways[label] = to;
    }
    const follows = stepKinds.get(written.kind).follows(new Set(written.ways.keys()));
    if (follows !== null && next !== null) ways[follows] = next;
    built.unshift([written.id, { id: written.id, kind: written.kind, spec: written.spec, ways }], ...Object.entries(nested));
    next = written.id;
  }
  Object.assign(steps, Object.fromEntries(built));
  return next;
}

function checkReach(graph: JourneyGraph, named: ReadonlyMap<string, ReadStep>, errors: DefinitionErrors): void {
  const reached = new Set([graph.first]);
  for (const id of reached) for (const to of Object.values(graph.steps[id]?.ways ?? {})) reached.add(to);
  for (const [id, { place }] of named) if (!reached.has(id)) errors.add(place, `no step leads to ${id}`);
}

/** A loop without a wait would never end. */
function checkLoops(graph: JourneyGraph, named: ReadonlyMap<string, ReadStep>, errors: DefinitionErrors): void {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    const step = graph.steps[id];
    if (step === undefined || done.has(id) || stepKinds.get(step.kind).waits) return;
    const start = path.indexOf(id);
    if (start >= 0) {
      const place = named.get(id)?.place ?? placeAt('journey');
      errors.add(place, `loops without a wait: ${[...path.slice(start), id].join(' -> ')}; put a wait or an await into the loop`);
      return;
    }
    for (const to of Object.values(step.ways)) visit(to, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(graph.steps)) visit(id, []);
}

function* allSteps(list: readonly WrittenStep[]): Generator<ReadStep> {
  for (const step of list) {
    if ('goto' in step) continue;
    yield step;
    for (const children of step.ways.values()) yield* allSteps(children);
  }
}

function* allGotos(list: readonly WrittenStep[]): Generator<{ goto: string; place: Place }> {
  for (const step of list) {
    if ('goto' in step) yield { goto: step.goto, place: inside(step.place, ['goto']) };
    else for (const children of step.ways.values()) yield* allGotos(children);
  }
}
