import type { z } from 'zod';
import type { Channel } from '../../channels/table.js';
import type { Purpose } from '../../channels/purpose.js';
import type { Named } from '../../platform/kinds.js';
import type { Answer } from '../answers/table.js';
import type { ChannelWish, StepEffect, StepResult } from '../effects.js';
import type { GraphStep } from '../graph.js';

/**
 * One kind of step: how it is written in a definition, what it may do, and what it does when the journey comes to it and when
 * something happens there. Pure. `Spec` is what its schema lets through, `Result` what comes of the effect it asks for.
 */
export interface StepKind<Spec = unknown, Result extends StepResult = StepResult> extends Named {
  readonly description: string;
  /** The step as it may be written, for whoever wrote it in another shape. */
  readonly example: string;
  /** Other names that people use for it: the error says what to write instead. */
  readonly mistakenFor?: readonly string[];
  /** What stands after the kind's name; its output is the step's `spec`. */
  readonly spec: z.ZodType<Spec>;
  /** The ways that may be written beside it; null if the spec names them. */
  readonly ways: readonly string[] | null;
  /** The ways that this step must have, where its spec names them. */
  named?(spec: Spec): readonly string[];
  /** The label under which the next step of the list hangs; null if none can follow or another way serves. */
  follows(written: ReadonlySet<string>): string | null;
  /** How a journey ends here where the definition names no way of this label. */
  readonly ending?: Ending;
  /** What the spec speaks of that must exist, with its place inside the written step. */
  mentions?(spec: Spec): readonly Mention[];
  /** How it is shown to people. */
  words(spec: Spec): StepWords;

  /** Time passes here, so that a journey may come back to it. */
  readonly waits: boolean;
  /** Milliseconds that pass at least before the step is left by this way; 0 if it is not said. */
  takes?(spec: Spec, way: string): number;
  /** The message that it sends. */
  sends?(spec: Spec): SentMessage;
  /** The treatments of which it may issue one as an offer. By the way `next` it is left with an offer. */
  treats?(spec: Spec): readonly string[];
  /** The outcome that it ends the journey with. No way leads out of such a step. */
  ends?(spec: Spec): string;

  enter(step: GraphStep<Spec>, context: StepContext): Move;
  /** The effect that it asks for; somebody in activities/effects performs it. */
  readonly effect?: string;
  /** The kinds of result that its effect may have. Another is none of this step's. */
  readonly results?: readonly Result['kind'][];
  /** The shell has done the step's effect. */
  performed?(step: GraphStep<Spec>, result: Result): Move;
  /** The instant that the step parked until has come. */
  elapsed?(step: GraphStep<Spec>, context: StepContext): Move;
  /** The customer answered. Only steps that listen have this. */
  answered?(step: GraphStep<Spec>, answer: Answer): Move;
}

export interface StepWords {
  /** What the step is, as in `Choose treatment`. */
  readonly title: string;
  /** What is particular about it, as in `4 days`; empty if nothing is. */
  readonly detail: string;
}

export interface Ending {
  readonly label: string;
  readonly outcome: string;
  /** Customers are expected to end here, so that it is shown before anybody did. */
  readonly usual: boolean;
}

export interface SentMessage {
  readonly template: string;
  readonly channel: ChannelWish;
  readonly purpose: Purpose;
}

export interface Mention {
  readonly what: 'treatment' | 'template' | 'rule';
  readonly text: string;
  readonly path: readonly (string | number)[];
  /** Of a template, the one channel that it is to go out on, where one is named. */
  readonly on?: Channel;
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
  | { readonly kind: 'perform'; readonly effect: StepEffect }
  /** Wait there until then, at most until the window ends. */
  | { readonly kind: 'park'; readonly until: number }
  /**
   * Take the first of these ways that the step has; if it has none of them, close with the outcome.
   * `sent`: the message that the step has planned: the journey comes back here should it fail.
   */
  | {
      readonly kind: 'leave';
      readonly ways: readonly [string, ...string[]];
      readonly outcome: string;
      readonly sent?: { readonly messageId: string; readonly channel: string };
    }
  | { readonly kind: 'close'; readonly outcome: string };

/** The end of a journey whose last step leads nowhere. */
export const ranOut = 'lapsed';

export const perform = (effect: StepEffect): Move => ({ kind: 'perform', effect });
export const park = (until: number): Move => ({ kind: 'park', until });
export const leave = (ways: readonly [string, ...string[]], outcome: string): Move & { readonly kind: 'leave' } => ({
  kind: 'leave',
  ways,
  outcome,
});
