import type { Visit } from './effects.js';
import type { JourneyState } from './engine.js';
import type { GraphStep, JourneyGraph } from './graph.js';
import type { Move, StepContext } from './steps/step-kind.js';
import { listens, stepKinds } from './steps/table.js';

/** One call of the engine. */
export interface Turn {
  readonly graph: JourneyGraph;
  readonly now: number;
  /** Its fields are replaced, never changed in place. */
  readonly draft: { -readonly [Field in keyof JourneyState]: JourneyState[Field] };
  /** The latest form of each visit in this turn, by ordinal. */
  readonly visits: Map<number, Visit>;
}

/** @throws Error if the graph has no such step: it belongs to another version */
export function stepOf(graph: JourneyGraph, id: string): GraphStep {
  const step = graph.steps[id];
  if (step === undefined) throw new Error(`The journey has no step ${id}`);
  return step;
}

/** Enters a step, and leaves the previous one by `label`. */
export function enter(turn: Turn, id: string, label?: string): void {
  const { draft } = turn;
  const step = stepOf(turn.graph, id);
  if (label !== undefined) endVisit(turn, label);
  draft.at = id;
  draft.visits += 1;
  draft.visit = { ordinal: draft.visits, step: id, at: turn.now, label: null };
  turn.visits.set(draft.visits, draft.visit);
  draft.next = null;
  draft.due = null;
  draft.waitingUntil = null;
  apply(turn, step, stepKinds.get(step.kind).enter(step, contextOf(turn, id)));
}

/** Makes the move that a step requested. `step` is the one whose ways count. */
export function apply(turn: Turn, step: GraphStep, move: Move): void {
  const { draft } = turn;
  switch (move.kind) {
    case 'perform':
      draft.occurrences = { ...draft.occurrences, [step.id]: (draft.occurrences[step.id] ?? 0) + 1 };
      draft.due = move.effect;
      return;
    case 'park':
      draft.waitingUntil = Math.min(move.until, draft.windowEndsAt);
      return;
    case 'leave': {
      if (draft.at === step.id && listens(step)) draft.listened = step.id;
      const way = wayOut(step, move.ways);
      if (way === undefined) close(turn, move.outcome, move.ways[0]);
      else enter(turn, way.to, way.label);
      return;
    }
    case 'close':
      close(turn, move.outcome, move.outcome);
  }
}

/** Makes the move that the last step requested, if there is one. */
export function follow(turn: Turn): void {
  const { next } = turn.draft;
  if (next === null) return;
  turn.draft.next = null;
  apply(turn, stepOf(turn.graph, next.step), next.move);
}

/** Whether the journey is about to enter a step that listens, which then handles a waiting answer. */
export function leadsToListener({ graph, draft }: Turn): boolean {
  if (draft.next?.move.kind !== 'leave') return false;
  const way = wayOut(stepOf(graph, draft.next.step), draft.next.move.ways);
  return way !== undefined && listens(stepOf(graph, way.to));
}

/** Ends the journey: only its last effect is still due. */
export function close(turn: Turn, outcome: string, label: string): void {
  const { draft } = turn;
  endVisit(turn, label);
  draft.outcome = outcome;
  draft.at = null;
  draft.next = null;
  draft.waitingUntil = null;
  draft.goalCheckDue = false;
  draft.cancelRequested = false;
  draft.inbox = { ...draft.inbox, queue: [] };
  draft.due = { kind: 'close', outcome };
}

export function contextOf({ draft, now }: Turn, step: string): StepContext {
  return {
    now,
    occurrence: (draft.occurrences[step] ?? 0) + 1,
    except: draft.except[step] ?? [],
    last: draft.lastMessage?.channel ?? null,
  };
}

/** The step that handles an answer. If nothing in the journey listens, the default endings serve. */
export function listenerOf(graph: JourneyGraph, at: string, listened: string | null): GraphStep {
  return listeningStep(graph, at, listened) ?? nobodyListens;
}

const nobodyListens: GraphStep = { id: '', kind: 'await', spec: null, ways: {} };

/**
 * The step that handles an answer when the journey is at `at`: that step, otherwise the one that listened last, otherwise the nearest one
 * ahead.
 */
function listeningStep(graph: JourneyGraph, at: string, listened: string | null): GraphStep | undefined {
  const here = stepOf(graph, at);
  if (listens(here)) return here;
  if (listened !== null) return stepOf(graph, listened);
  const ahead = [at];
  for (const id of ahead) {
    const step = stepOf(graph, id);
    if (listens(step)) return step;
    ahead.push(...Object.values(step.ways).filter((to) => !ahead.includes(to)));
  }
  return undefined;
}

/** The first of these ways that the step has. */
export function wayOut(step: GraphStep, labels: readonly string[]): { label: string; to: string } | undefined {
  for (const label of labels) {
    const to = Object.hasOwn(step.ways, label) ? step.ways[label] : undefined;
    if (to !== undefined) return { label, to };
  }
  return undefined;
}

function endVisit({ draft, visits }: Turn, label: string): void {
  if (draft.visit === null) return;
  visits.set(draft.visit.ordinal, { ...draft.visit, label });
  draft.visit = null;
}
