import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { Named } from '../../platform/kinds.js';
import type { ProblemPlace } from '../../platform/problem.js';
import type { Condition } from '../../segments/condition.js';
import type { DefinitionErrors } from '../definition-errors.js';

/** A trigger as a version stores it: its kind, and what that kind's schema let through. */
export interface Trigger<Kind extends string = string> {
  readonly kind: Kind;
  readonly [written: string]: unknown;
}

/** A part of an SQL statement with the values of its parameters. */
export interface SqlPart {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/**
 * One kind of trigger: how it is written, what it is called, and whom it would enrol. The enrolling itself is the same for
 * all (enrol.ts): audience, holdout, objection, those inside already, page by page.
 */
export interface TriggerKind<Of extends Trigger = Trigger> extends Named {
  /** As it may be written, for whoever wrote it in another way. */
  readonly example: string;
  /** As in `it is by score and by hand in one`. */
  readonly called: string;
  /** The names of its parts; by them it is known which kind was written. */
  readonly parts: readonly string[];
  /** What people call its parts, and what they are called here. */
  readonly otherNames?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Of>;
  /** What its schema cannot know to be wrong. */
  check?(trigger: Of, errors: DefinitionErrors): void;
  /** What to write instead of a trigger that is no mapping; undefined where it does not look like one of this kind. */
  instead?(text: string): string | undefined;
  /** How it is shown, as in `churn rises above 0.60`. */
  words(trigger: Of): string;
  /** The condition that it asks of a customer, where it can be said in the rule language. */
  asks?(trigger: Of): Condition | undefined;
  /** Why it may enrol nobody as the customers are now. */
  warnings?(em: EntityManager, trigger: Of): Promise<ProblemPlace[]>;
  /**
   * SQL of a relation of those who stand at the trigger now: `customer_id`, `rank` (double precision; the greatest are enrolled
   * first) and `score` (double precision, kept with the enrolment; may be null). Left out, it enrols nobody by itself.
   * @param at the number of its first parameter
   */
  standing?(trigger: Of, at: number): SqlPart;
  /**
   * SQL over alias t (trigger_state): whether somebody who was enrolled may be enrolled once more. Left out: never.
   * @param at the number of its first parameter
   */
  armsAgain?(trigger: Of, at: number): SqlPart;
}
