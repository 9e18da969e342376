import type { Channel } from '../channels/table.js';
import type { JourneySignal } from './journey-signal.js';

/**
 * An effect that a step requests. Each step kind declares the shape of its effect and of the result; activities/effects performs it. `step`
 * and `occurrence` together make it idempotent: performing it twice returns the first result.
 */
export interface StepEffect<Kind extends string = string> {
  readonly kind: Kind;
  readonly step: string;
  readonly occurrence: number;
  readonly [asked: string]: unknown;
}

/** The result of a step's effect. */
export interface StepResult<Kind extends string = string> {
  readonly kind: Kind;
  readonly [found: string]: unknown;
}

/** What the engine itself requests. Instants are milliseconds since 1970 in campaign time. */
export type EngineEffect =
  /**
   * The customer changed: is the goal reached, or has the customer churned? Requested between two effects of the current step:
   * `lastOccurrence` is that of the step's last effect, `visit` the ordinal of the visit.
   */
  | { readonly kind: 'check-goal'; readonly step: string; readonly lastOccurrence: number; readonly visit: number }
  /** Nothing to do until then, unless a signal comes first. */
  | { readonly kind: 'park'; readonly step: string; readonly until: number }
  /** The journey ends. */
  | { readonly kind: 'close'; readonly outcome: string };

export type EngineResult =
  | { readonly kind: 'goal-checked'; readonly reached: boolean; readonly churned: boolean }
  | { readonly kind: 'parked' }
  | { readonly kind: 'closed' }
  /** The campaign is paused and nothing was done: request it again after the resume. */
  | { readonly kind: 'paused' };

/** What the engine requests from its shell, and what the shell returns. */
export type JourneyEffect = StepEffect | EngineEffect;
export type EffectResult = StepResult | EngineResult;

const engineKinds: readonly string[] = ['check-goal', 'park', 'close'] satisfies EngineEffect['kind'][];
const engineResults: readonly string[] = ['goal-checked', 'parked', 'closed', 'paused'] satisfies EngineResult['kind'][];

/** Whether the engine requests it, and not a step. No effect of a step has one of these names. */
export const isEngineEffect = (effect: JourneyEffect): effect is EngineEffect => engineKinds.includes(effect.kind);
export const isEngineResult = (result: EffectResult): result is EngineResult => engineResults.includes(result.kind);

/** The customer's own choice, another channel than the last, or one by name. */
export type ChannelWish = 'preferred' | 'other' | Channel;

/** What can happen to a journey. */
export type JourneyInput =
  | { readonly kind: 'started' }
  | { readonly kind: 'performed'; readonly result: EffectResult }
  /** The time until which it was parked is over. */
  | { readonly kind: 'elapsed' }
  | { readonly kind: 'signalled'; readonly signal: JourneySignal }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'cancelled' };

/** A step that was reached, and the way by which it was left: for the copy in PostgreSQL. */
export interface Visit {
  readonly ordinal: number;
  readonly step: string;
  readonly at: number;
  /** Set when the step is left. */
  readonly label: string | null;
}
