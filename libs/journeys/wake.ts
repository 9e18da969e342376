import type { EffectResult, JourneyEffect, JourneyInput, Visit } from './effects.js';
import { advance, type JourneyState } from './engine.js';
import type { JourneyGraph } from './graph.js';

/** One effect as it is passed to its performer. */
export interface EffectCall {
  readonly effect: JourneyEffect;
  /** The visit in which it is requested; null after the journey has ended. */
  readonly visit: Visit | null;
  /** Visits that began or ended since the previous effect. */
  readonly visits: readonly Visit[];
}

/** Performs effects: in PostgreSQL, on a virtual clock, or in a test. */
export type PerformEffect = (call: EffectCall) => Promise<EffectResult>;

/** Inputs that arrived since the last call, each of them once. @param effect the effect that follows if there are none */
export type Arrivals = (effect: JourneyEffect) => Promise<readonly JourneyInput[]>;

const none: Arrivals = () => Promise.resolve([]);

/**
 * Advances a journey as far as possible now: gives it the inputs in order and performs one effect after the other, until it parks, is
 * paused or ends. An input that has already arrived comes before the result of an effect.
 *
 * With the same arguments, and a performer that returns its first results again, it reaches the same state.
 * @param now milliseconds since 1970, campaign time; the same for the whole wake
 * @param arrivals called before each effect: inputs that arrived come before the input that led to the effect, which may then not be needed
 *   @returns the state of the journey; `waitingUntil` says when to wake it next
 */
export async function wakeJourney(
  graph: JourneyGraph,
  from: JourneyState,
  inputs: readonly JourneyInput[],
  now: number,
  perform: PerformEffect,
  arrivals: Arrivals = none,
): Promise<JourneyState> {
  const waiting = [...inputs];
  let state = from;
  let visits: readonly Visit[] = [];
  for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
    const turn = advance(graph, state, input, now);
    const [effect] = turn.effects;
    const arrived = effect === undefined ? [] : await arrivals(effect);
    if (arrived.length > 0) {
      waiting.unshift(...arrived, input);
      continue;
    }
    state = turn.state;
    visits = [...visits, ...turn.visits];
    if (effect === undefined) continue;
    const result = await perform({ effect, visit: state.visit, visits });
    visits = [];
    waiting.push({ kind: 'performed', result });
  }
  return state;
}
