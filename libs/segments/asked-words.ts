import type { Condition, Operand } from './condition.js';

/** A word that a condition compares a text with, where only the customers say which words there are. */
export interface AskedWord {
  /** As in `customer.plan`, or `events`. */
  readonly name: string;
  readonly word: string;
  /** The field's value over alias c (customer); null for the kind of an event. */
  readonly sql: string | null;
}

/** The words that a condition asks for by `==` and `in`, and the kinds of events that it counts. */
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

/** Words of a closed list were compared with it when the rule was read. */
function wordOf(operand: Operand, word: string | number | boolean): AskedWord[] {
  if (operand.kind !== 'field' || typeof word !== 'string' || operand.field.values !== null) return [];
  const { of, name, sql } = operand.field;
  return [{ name: `${of}.${name}`, word, sql }];
}
