import type { EffectResult, JourneyEffect } from '../effects.js';
import type { GraphStep } from '../graph.js';
import type { JourneyAnswer } from '../journey-signal.js';

/**
 * What one step kind does when the journey comes to it and when something happens there. Pure, and free of everything
 * that a Temporal workflow may not load. A step's `spec` is what the kind's schema (libs/journeys/step-schemas) let through.
 */
export interface StepModule {
  enter(step: GraphStep, context: StepContext): Move;
  /** The shell has done the step's effect. Undefined where the result is none of this step's. */
  performed?(step: GraphStep, result: EffectResult): Move | undefined;
  /** The instant that the step parked until has come. */
  elapsed?(step: GraphStep, context: StepContext): Move;
  /** The customer answered. Only steps that listen have this. */
  answered?(step: GraphStep, answer: JourneyAnswer): Move;
}

export interface StepContext {
  /** Milliseconds since 1970, campaign time. */
  readonly now: number;
  /** The number of the step's next effect, from 1. */
  readonly occurrence: number;
  /** Channels that failed for good at this step. */
  readonly except: readonly string[];
  /** The channel of the journey's last message. */
  readonly last: string | null;
}

/** Where a step wants the journey to go next. */
export type Move =
  | { readonly kind: 'perform'; readonly effect: JourneyEffect }
  /** Wait there until then, at most until the window ends. */
  | { readonly kind: 'park'; readonly until: number }
  /** Take the first of these ways that the step has; where it has none of them, close with the outcome. */
  | { readonly kind: 'leave'; readonly ways: readonly [string, ...string[]]; readonly outcome: string }
  | { readonly kind: 'close'; readonly outcome: string };

/** The end of a journey whose last step leads nowhere. */
export const ranOut = 'lapsed';

export const perform = (effect: JourneyEffect): Move => ({ kind: 'perform', effect });
export const park = (until: number): Move => ({ kind: 'park', until });
export const leave = (ways: readonly [string, ...string[]], outcome: string): Move => ({ kind: 'leave', ways, outcome });
