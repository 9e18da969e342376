import type { z } from 'zod';
import type { Channel } from '../../channels/table.js';
import type { Purpose } from '../../channels/purpose.js';
import type { Named } from '../../platform/kinds.js';
import type { Answer } from '../answers/table.js';
import type { ChannelWish, StepEffect, StepResult } from '../effects.js';
import type { GraphStep } from '../graph.js';

/**
 * One kind of step: how it is written in a definition, what it may do, and what it does when the journey enters it and when something
 * happens there. Pure. `Spec` is the output of its schema, `Result` the result of its effect.
 */
export interface StepKind<Spec = unknown, Result extends StepResult = StepResult> extends Named {
  readonly description: string;
  /** An example of the step, shown to an author who wrote it in a wrong shape. */
  readonly example: string;
  /** Wrong names that people use for it: the error says what to write instead. */
  readonly mistakenFor?: readonly string[];
  /** The schema of what is written after the kind's name; its output is the step's `spec`. */
  readonly spec: z.ZodType<Spec>;
  /** The ways that may be written; null if the spec names them. */
  readonly ways: readonly string[] | null;
  /** The ways that this step must have, if its spec names them. */
  named?(spec: Spec): readonly string[];
  /** The label of the way to the next step of the list; null if no step can follow, or another way leads there. */
  follows(written: ReadonlySet<string>): string | null;
  /** How a journey ends here if the definition has no way of this label. */
  readonly ending?: Ending;
  /** What the spec refers to and must exist, with its place inside the written step. */
  mentions?(spec: Spec): readonly Mention[];
  /** How it is shown to people. */
  words(spec: Spec): StepWords;

  /** Time passes at this step, so a journey may return to it. */
  readonly waits: boolean;
  /** The least milliseconds before the step is left by this way; 0 if it is missing. */
  takes?(spec: Spec, way: string): number;
  /** The message that it sends. */
  sends?(spec: Spec): SentMessage;
  /** The treatments that it may issue as an offer. After the way `next` there is an offer. */
  treats?(spec: Spec): readonly string[];
  /** The outcome with which it ends the journey. Such a step has no ways out. */
  ends?(spec: Spec): string;

  enter(step: GraphStep<Spec>, context: StepContext): Move;
  /** The effect that it requests, performed by activities/effects. */
  readonly effect?: string;
  /** The kinds of result that its effect may have. Results of other kinds do not belong to this step. */
  readonly results?: readonly Result['kind'][];
  /** The shell has performed the step's effect. */
  performed?(step: GraphStep<Spec>, result: Result): Move;
  /** The time until which the step parked is over. */
  elapsed?(step: GraphStep<Spec>, context: StepContext): Move;
  /** The customer answered. Only steps that listen have this. */
  answered?(step: GraphStep<Spec>, answer: Answer): Move;
}

export interface StepWords {
  /** What the step is, as in `Choose treatment`. */
  readonly title: string;
  /** Its details, as in `4 days`; empty if there are none. */
  readonly detail: string;
}

export interface Ending {
  readonly label: string;
  readonly outcome: string;
  /** Customers are expected to end here, so it is shown even before the first one did. */
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
  /** For a template, the one channel that it is sent on, if one is named. */
  readonly on?: Channel;
}

export interface StepContext {
  /** Milliseconds since 1970, campaign time. */
  readonly now: number;
  /** The number of the step's next effect, from 1. */
  readonly occurrence: number;
  /** Channels that failed permanently at this step. */
  readonly except: readonly string[];
  /** The channel of the journey's last message. */
  readonly last: string | null;
}

/** The move that a step requests. */
export type Move =
  | { readonly kind: 'perform'; readonly effect: StepEffect }
  /** Wait at this step until then, at most until the window ends. */
  | { readonly kind: 'park'; readonly until: number }
  /**
   * Take the first of these ways that the step has; if it has none of them, close with the outcome. `sent`: the message that the step has
   * planned. If it fails, the journey returns to this step.
   */
  | {
      readonly kind: 'leave';
      readonly ways: readonly [string, ...string[]];
      readonly outcome: string;
      readonly sent?: { readonly messageId: string; readonly channel: string };
    }
  | { readonly kind: 'close'; readonly outcome: string };

/** The outcome of a journey that ends after its last step. */
export const ranOut = 'lapsed';

export const perform = (effect: StepEffect): Move => ({ kind: 'perform', effect });
export const park = (until: number): Move => ({ kind: 'park', until });
export const leave = (ways: readonly [string, ...string[]], outcome: string): Move & { readonly kind: 'leave' } => ({
  kind: 'leave',
  ways,
  outcome,
});
