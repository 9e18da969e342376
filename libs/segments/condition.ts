import type { Field } from './fields.js';

/**
 * A checked rule: one tree that is evaluated for one customer (holds.ts) and as SQL for all (to-sql.ts).
 *
 * A value can be missing: null, absent, or not of its declared type. A comparison with a missing value is false, also `!=`. So `!(a == b)`
 * is true if a is missing, and `a != b` is not. `has(a)` checks for it.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly sides: readonly [Condition, Condition] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'always'; readonly value: boolean }
  /** A boolean attribute alone. */
  | { readonly kind: 'is'; readonly field: Field }
  | { readonly kind: 'has'; readonly field: Field }
  | { readonly kind: 'compare'; readonly by: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Literal[] }
  | { readonly kind: 'text'; readonly by: TextTest; readonly value: Operand; readonly part: Operand };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type TextTest = 'startsWith' | 'endsWith' | 'contains';
export type Literal = string | number | boolean;

export type Operand =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'field'; readonly field: Field }
  /** How many events of a kind there were in the last days, now included; never missing. */
  | { readonly kind: 'events'; readonly event: string; readonly days: number };
