import type { EffectResult, JourneyEffect, JourneyInput, Visit } from './effects.js';
import { advance, type JourneyState } from './engine.js';
import type { JourneyGraph } from './graph.js';

/** One effect as it is handed to whoever performs it. */
export interface EffectCall {
  readonly effect: JourneyEffect;
  /** The visit in which it is asked for; null once the journey has ended. */
  readonly visit: Visit | null;
  /** Visits that began or were left since the effect before. */
  readonly visits: readonly Visit[];
}

/** Performs effects: in PostgreSQL, on a virtual clock, or in a test. */
export type PerformEffect = (call: EffectCall) => Promise<EffectResult>;

/**
 * Takes a journey as far as it goes now: hands it the inputs in order and performs one effect after the other, until it
 * parks, is paused or ends. An input that is there already goes before the result of an effect.
 *
 * With the same arguments, and a performer that gives its first answers again, it comes to the same state.
 * @param now milliseconds since 1970, campaign time; the same for the whole wake
 * @returns where the journey stands; `waitingUntil` says when to wake it next
 */
export async function wakeJourney(
  graph: JourneyGraph,
  from: JourneyState,
  inputs: readonly JourneyInput[],
  now: number,
  perform: PerformEffect,
): Promise<JourneyState> {
  const waiting = [...inputs];
  let state = from;
  let visits: readonly Visit[] = [];
  for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
    const turn = advance(graph, state, input, now);
    state = turn.state;
    visits = [...visits, ...turn.visits];
    const [effect] = turn.effects;
    if (effect === undefined) continue;
    const result = await perform({ effect, visit: state.visit, visits });
    visits = [];
    waiting.push({ kind: 'performed', result });
  }
  return state;
}
