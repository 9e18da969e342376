import type { JourneyGraph, GraphStep } from '../journeys/graph.js';
import { channelWords } from './channel-words.js';
import type { JourneyPicture, StepPicture } from './report-shape.js';

/** How often a step was reached and then left by this way; the label is null while somebody stands there. */
export interface VisitCount {
  readonly step: string;
  readonly label: string | null;
  readonly count: number;
}

interface Wording {
  readonly title: string;
  readonly detail: string;
}

/** How each step kind is told. The specs are those that libs/journeys/steps declare. */
const wordings: Readonly<Record<string, (spec: Readonly<Record<string, unknown>>) => Wording>> = {
  assess: (spec) => ({ title: 'Assess', detail: textOf(spec['rule']) }),
  choose: (spec) => ({ title: 'Choose treatment', detail: `${counted(listOf(spec['from']).length, 'candidate')}, or nothing` }),
  offer: (spec) => ({
    title: 'Offer',
    detail: [textOf(spec['template']), onChannel(spec['channel']), spec['purpose'] === 'service' ? 'service message' : '']
      .filter(Boolean)
      .join(', '),
  }),
  await: (spec) => ({ title: 'Await answer', detail: durationOf(spec['answerWithinMs']) }),
  branch: (spec) => ({ title: 'Branch', detail: counted(listOf(spec['rules']).length, 'condition') }),
  wait: (spec) => ({ title: 'Wait', detail: durationOf(spec['forMs']) }),
  exit: (spec) => ({ title: capitalised(textOf(spec['outcome']).replaceAll('-', ' ')), detail: '' }),
};

/** The journey of a campaign with the customers on it, ready to be drawn. */
export function pictureJourney(
  graph: JourneyGraph,
  visits: readonly VisitCount[],
  waiting: Readonly<Record<string, number>>,
): JourneyPicture {
  return { first: graph.first, steps: inOrder(graph).map((step) => pictureStep(step, visits, waiting[step.id] ?? 0)) };
}

function pictureStep(step: GraphStep, visits: readonly VisitCount[], waiting: number): StepPicture {
  const here = visits.filter((visit) => visit.step === step.id);
  const sum = (counts: readonly VisitCount[]): number => counts.reduce((total, each) => total + each.count, 0);
  return {
    id: step.id,
    kind: step.kind,
    ...(wordings[step.kind]?.(step.spec as Readonly<Record<string, unknown>>) ?? { title: capitalised(step.kind), detail: '' }),
    visits: sum(here),
    waiting,
    ways: Object.entries(step.ways).map(([label, to]) => ({ label, to, count: sum(here.filter((visit) => visit.label === label)) })),
  };
}

/** Breadth first from the first step; what cannot be reached comes last. Stored JSON does not keep the order of keys. */
function inOrder(graph: JourneyGraph): GraphStep[] {
  const reached = new Set([graph.first]);
  for (const id of reached) for (const to of Object.values(graph.steps[id]?.ways ?? {})) reached.add(to);
  for (const id of Object.keys(graph.steps)) reached.add(id);
  return [...reached].flatMap((id) => graph.steps[id] ?? []);
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "4 days", "36 hours": in the largest unit that it is a whole number of. */
function durationOf(ms: unknown): string {
  if (typeof ms !== 'number') return '';
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['second', 1_000];
  return counted(Math.round(ms / size), unit);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const counted = (n: number, what: string): string => `${String(n)} ${what}${n === 1 ? '' : 's'}`;
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const wishWords: Readonly<Record<string, string>> = { preferred: 'preferred channel', other: 'other channel', ...channelWords };
const onChannel = (wish: unknown): string => wishWords[textOf(wish)] ?? '';
