import type { Condition, Operand } from './condition.js';
import type { Field } from './fields.js';

/** What a condition reads, each once: fields as a rule names them (`customer.contract`, `score.churn`), and events by kind (`events.payment`). */
export function askedBy(condition: Condition): readonly string[] {
  return [...new Set(fieldsOf(condition))];
}

function fieldsOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.sides.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(condition.of);
    case 'always':
      return [];
    case 'is':
    case 'has':
      return [nameOf(condition.field)];
    case 'compare':
      return [condition.left, condition.right].flatMap(fieldOf);
    case 'in':
      return fieldOf(condition.value);
    case 'text':
      return [condition.value, condition.part].flatMap(fieldOf);
  }
}

function fieldOf(operand: Operand): readonly string[] {
  if (operand.kind === 'field') return [nameOf(operand.field)];
  return operand.kind === 'events' ? [`events.${operand.event}`] : [];
}

const nameOf = ({ of, name }: Field): string => `${of}.${name}`;
