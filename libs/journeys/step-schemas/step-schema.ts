import type { z } from 'zod';
import type { Channel } from '../../customers/contact-point.entity.js';

/**
 * How one step kind is written in a definition. Kept apart from what the kind does (libs/journeys/steps), because that
 * runs inside workflows and this needs zod.
 */
export interface StepSchema<Spec = unknown> {
  readonly description: string;
  /** The step as it may be written, for whoever wrote it in another shape. */
  readonly example: string;
  /** What stands after the kind's name; its output is the step's `spec`. */
  readonly spec: z.ZodType<Spec>;
  /** The ways that may be written beside it; null where the spec names them. */
  readonly ways: readonly string[] | null;
  /** The ways that this step must have, where its spec names them. */
  readonly named?: (spec: Spec) => readonly string[];
  /** The label under which the next step of the list hangs; null where none can follow or another way serves. */
  readonly follows: (written: ReadonlySet<string>) => string | null;
  /** Milliseconds that pass at least before the step is left by this way; 0 where it is not said. */
  readonly takes?: (spec: Spec, way: string) => number;
  /** Time passes here, so that a journey may come round to it again. */
  readonly waits: boolean;
  /** What the spec speaks of that must exist, with its place inside the written step. */
  readonly mentions?: (spec: Spec) => readonly Mention[];
}

export interface Mention {
  readonly what: 'treatment' | 'template' | 'rule';
  readonly text: string;
  readonly path: readonly (string | number)[];
  /** Of a template, the one channel that it is to go out on, where one is named. */
  readonly on?: Channel;
}
