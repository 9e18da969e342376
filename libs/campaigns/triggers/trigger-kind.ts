import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Named } from '../../platform/kinds.js';
import type { ProblemPlace } from '../../platform/problem.js';
import type { Condition } from '../../segments/condition.js';
import type { DefinitionErrors } from '../definition-errors.js';

/** A trigger as a version stores it: its kind, and the values that the kind's schema accepted. */
export interface Trigger<Kind extends string = string> {
  readonly kind: Kind;
  readonly [written: string]: unknown;
}

/** A part of an SQL statement with the values of its parameters. */
export interface SqlPart {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A bound that a score has to pass. */
export interface ScoreBound {
  readonly score: string;
  readonly must: 'rise-above' | 'fall-below';
  readonly bound: number;
}

/**
 * One kind of trigger: how it is written, what it is called, and whom it would enrol. All kinds share the enrolling itself (enrol.ts):
 * audience, holdout, objection, customers already inside, page by page.
 */
export interface TriggerKind<Of extends Trigger = Trigger> extends Named {
  /** An example, shown to an author who wrote it in a wrong way. */
  readonly example: string;
  /** As in `it is by score and by hand in one`. */
  readonly called: string;
  /** The names of its parts, by which the kind is recognised. */
  readonly parts: readonly string[];
  /** What people call its parts, and what they are called here. */
  readonly otherNames?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Of>;
  /** Finds errors that its schema cannot find. */
  check?(trigger: Of, errors: DefinitionErrors): void;
  /** What to write instead of a trigger that is not a mapping; undefined if it does not look like one of this kind. */
  instead?(text: string): string | undefined;
  /** How it is shown, as in `churn rises above 0.60`. */
  words(trigger: Of): string;
  /** The condition that a customer must meet, if the rule language can express it. */
  asks?(trigger: Of): Condition | undefined;
  /** Why it may enrol nobody of the present customers. */
  warnings?(em: EntityManager, trigger: Of): Promise<ProblemPlace[]>;
  /**
   * SQL of a relation of the customers who meet the trigger now: `customer_id`, `rank` (double precision; the highest are enrolled first)
   * and `score` (double precision, kept with the enrolment; may be null). Without it, the trigger never enrols automatically.
   * @param at the number of its first parameter
   */
  standing?(trigger: Of, at: number): SqlPart;
  /**
   * SQL over alias t (trigger_state): whether an enrolled customer may be enrolled once more. Without it: never.
   * @param at the number of its first parameter
   */
  armsAgain?(trigger: Of, at: number): SqlPart;
  /** What a score has to pass so that a customer meets the trigger; missing if no score decides alone. */
  entersAt?(trigger: Of): ScoreBound;
  /** What a score has to pass so that an enrolled customer may be enrolled once more. */
  armedAt?(trigger: Of): ScoreBound;
}
