import type { JourneyGraph } from './graph.js';
import type { Answer } from './answers/table.js';
import { listenerOf, stepOf, wayOut } from './moves.js';
import { stepKinds } from './steps/table.js';

/** Where an answer leads a journey: to its end, or on to a step. */
export type AnswerPreview = { readonly kind: 'ends'; readonly outcome: string } | { readonly kind: 'goes-on'; readonly step: string };

/**
 * Where the journey would go with this answer now: the way that the engine would take.
 * @param at the current step; null before the start
 * @param listened the listening step that it left last
 */
export function previewAnswer(graph: JourneyGraph, at: string | null, listened: string | null, answer: Answer): AnswerPreview {
  const step = listenerOf(graph, at ?? graph.first, listened);
  const move = stepKinds.get(step.kind).answered?.(step, answer);
  if (move?.kind === 'close') return { kind: 'ends', outcome: move.outcome };
  if (move?.kind !== 'leave') return { kind: 'goes-on', step: step.id };
  const way = wayOut(step, move.ways);
  if (way === undefined) return { kind: 'ends', outcome: move.outcome };
  const next = stepOf(graph, way.to);
  const entered = stepKinds.get(next.kind).enter(next, { now: 0, occurrence: 1, except: [], last: null });
  return entered.kind === 'close' ? { kind: 'ends', outcome: entered.outcome } : { kind: 'goes-on', step: next.id };
}
