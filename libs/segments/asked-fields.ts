import type { Condition, Operand } from './condition.js';
import type { Field } from './fields.js';

/** The fields that a condition asks about, each once, as a rule names them: `customer.contract`, `score.churn`. */
export function askedBy(condition: Condition): readonly string[] {
  return [...new Set(fieldsOf(condition).map(({ of, name }) => `${of}.${name}`))];
}

function fieldsOf(condition: Condition): readonly Field[] {
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
      return [condition.field];
    case 'compare':
      return [condition.left, condition.right].flatMap(fieldOf);
    case 'in':
      return fieldOf(condition.value);
    case 'text':
      return [condition.value, condition.part].flatMap(fieldOf);
  }
}

const fieldOf = (operand: Operand): readonly Field[] => (operand.kind === 'field' ? [operand.field] : []);
