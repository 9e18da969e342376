import type { JourneyGraph, GraphStep } from '../journeys/graph.js';
import { capitalised } from '../journeys/steps/step-words.js';
import { stepKinds } from '../journeys/steps/table.js';
import type { JourneyPicture, StepPicture } from './report-shape.js';

/** How often a step was reached and then left by this way; the label is null for customers who are still there. */
export interface VisitCount {
  readonly step: string;
  readonly label: string | null;
  readonly count: number;
}

/** The journey of a campaign with the customers on it, ready to be drawn. */
export function pictureJourney(
  graph: JourneyGraph,
  visits: readonly VisitCount[],
  waiting: Readonly<Record<string, number>>,
): JourneyPicture {
  return { first: graph.first, steps: inOrder(graph).map((step) => pictureStep(step, visits, waiting[step.id] ?? 0)) };
}

function pictureStep(step: GraphStep, visits: readonly VisitCount[], waiting: number): StepPicture {
  // A version that a release with other kinds stored is shown too.
  const kind = stepKinds.find(step.kind);
  const here = visits.filter((visit) => visit.step === step.id);
  const sum = (counts: readonly VisitCount[]): number => counts.reduce((total, each) => total + each.count, 0);
  return {
    id: step.id,
    kind: stepKinds.canonical(step.kind) ?? step.kind,
    ...(kind?.words(step.spec) ?? { title: capitalised(step.kind), detail: '' }),
    listens: kind?.answered !== undefined,
    ends: kind?.ends?.(step.spec) ?? null,
    ending: kind?.ending ?? null,
    visits: sum(here),
    waiting,
    ways: Object.entries(step.ways).map(([label, to]) => ({ label, to, count: sum(here.filter((visit) => visit.label === label)) })),
  };
}

/** Breadth first from the first step; unreachable steps come last. Stored JSON does not keep the order of keys. */
function inOrder(graph: JourneyGraph): GraphStep[] {
  const reached = new Set([graph.first]);
  for (const id of reached) for (const to of Object.values(graph.steps[id]?.ways ?? {})) reached.add(to);
  for (const id of Object.keys(graph.steps)) reached.add(id);
  return [...reached].flatMap((id) => graph.steps[id] ?? []);
}
