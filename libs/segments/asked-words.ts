import type { Condition, Operand } from './condition.js';

/** A value that a condition compares a text field with, if the field has no declared list of values. */
export interface AskedWord {
  /** As in `customer.plan`, or `events`. */
  readonly name: string;
  readonly word: string;
  /** The field's value over alias c (customer); null for the kind of an event. */
  readonly sql: string | null;
}

/** The values that a condition compares with by `==` and `in`, and the kinds of events that it counts. */
export function askedWords(condition: Condition): AskedWord[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.sides.flatMap(askedWords);
    case 'not':
      return askedWords(condition.of);
    case 'in':
      return condition.list.flatMap((word) => wordOf(condition.value, word));
    case 'compare': {
      const { left, right, by } = condition;
      const kinds = [left, right].flatMap((side) => (side.kind === 'events' ? [{ name: 'events', word: side.event, sql: null }] : []));
      if (by !== '==') return kinds;
      return [
        ...kinds,
        ...(right.kind === 'literal' ? wordOf(left, right.value) : []),
        ...(left.kind === 'literal' ? wordOf(right, left.value) : []),
      ];
    }
    default:
      return [];
  }
}

/** Values of a declared list were checked when the rule was read. */
function wordOf(operand: Operand, word: string | number | boolean): AskedWord[] {
  if (operand.kind !== 'field' || typeof word !== 'string' || operand.field.values !== null) return [];
  const { of, name, sql } = operand.field;
  return [{ name: `${of}.${name}`, word, sql }];
}
