import type { Channel } from '../channels/table.js';
import type { JourneySignal } from './journey-signal.js';

/**
 * What a step asks of the world. Each step kind that asks for something declares the shape of it, and of what comes of it;
 * activities/effects has who does it. `step` and `occurrence` together make it idempotent: doing it twice gives the first
 * answer again.
 */
export interface StepEffect<Kind extends string = string> {
  readonly kind: Kind;
  readonly step: string;
  readonly occurrence: number;
  readonly [asked: string]: unknown;
}

/** What came of a step's effect. */
export interface StepResult<Kind extends string = string> {
  readonly kind: Kind;
  readonly [found: string]: unknown;
}

/** What the engine itself asks for. Instants are milliseconds since 1970 in campaign time. */
export type EngineEffect =
  /**
   * The customer changed: is the goal reached, or are they gone? Asked between two effects of the step where the journey
   * stands: `lastOccurrence` is that of the step's last effect, `visit` the ordinal of the visit.
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
  /** The campaign is paused: nothing was done; ask again once resumed. */
  | { readonly kind: 'paused' };

/** What the engine asks its shell to do, and what the shell answers. */
export type JourneyEffect = StepEffect | EngineEffect;
export type EffectResult = StepResult | EngineResult;

const engineKinds: readonly string[] = ['check-goal', 'park', 'close'] satisfies EngineEffect['kind'][];
const engineResults: readonly string[] = ['goal-checked', 'parked', 'closed', 'paused'] satisfies EngineResult['kind'][];

/** Whether the engine asks for it, and not a step. No effect of a step has a name of these. */
export const isEngineEffect = (effect: JourneyEffect): effect is EngineEffect => engineKinds.includes(effect.kind);
export const isEngineResult = (result: EffectResult): result is EngineResult => engineResults.includes(result.kind);

/** The customer's own choice, another than the last, or one by name. */
export type ChannelWish = 'preferred' | 'other' | Channel;

/** What can happen to a journey. */
export type JourneyInput =
  | { readonly kind: 'started' }
  | { readonly kind: 'performed'; readonly result: EffectResult }
  /** The instant that it was parked until has come. */
  | { readonly kind: 'elapsed' }
  | { readonly kind: 'signalled'; readonly signal: JourneySignal }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'cancelled' };

/** A step that was reached, and the way by which the one before it was left: for the projection in PostgreSQL. */
export interface Visit {
  readonly ordinal: number;
  readonly step: string;
  readonly at: number;
  /** Set once the step was left. */
  readonly label: string | null;
}
