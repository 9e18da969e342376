import type { Comparison, Condition, Literal, Operand, TextTest } from './condition.js';
import { dayMs, type Facts } from './facts.js';
import type { Field } from './fields.js';

/** Evaluates a condition for one customer. It gives the same result as the SQL; a property test checks this. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.sides.every((side) => holds(side, facts));
    case 'or':
      return condition.sides.some((side) => holds(side, facts));
    case 'not':
      return !holds(condition.of, facts);
    case 'always':
      return condition.value;
    case 'is':
      return fieldValue(condition.field, facts) === true;
    case 'has':
      return fieldValue(condition.field, facts) !== null;
    case 'compare': {
      const left = operandValue(condition.left, facts);
      const right = operandValue(condition.right, facts);
      return left !== null && right !== null && comparisons[condition.by](order(left, right));
    }
    case 'in': {
      const value = operandValue(condition.value, facts);
      return value !== null && condition.list.includes(value);
    }
    case 'text': {
      const value = operandValue(condition.value, facts);
      const part = operandValue(condition.part, facts);
      return typeof value === 'string' && typeof part === 'string' && textTests[condition.by](value, part);
    }
  }
}

const comparisons: Record<Comparison, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const textTests: Record<TextTest, (value: string, part: string) => boolean> = {
  startsWith: (value, part) => value.startsWith(part),
  endsWith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
};

/** Texts are ordered by code point, like PostgreSQL's collation "C"; the order of UTF-16 units would differ. */
function order(left: Literal, right: Literal): number {
  if (typeof left === 'string' && typeof right === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return Number(left) - Number(right);
}

function operandValue(operand: Operand, facts: Facts): Literal | null {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'field':
      return fieldValue(operand.field, facts);
    case 'events': {
      const since = facts.now - operand.days * dayMs;
      return facts.events.filter(({ kind, at }) => kind === operand.event && at > since && at <= facts.now).length;
    }
  }
}

function fieldValue(field: Field, facts: Facts): Literal | null {
  const source = facts[field.of];
  const value = Object.hasOwn(source, field.name) ? source[field.name] : null;
  return typeof value === field.type ? (value ?? null) : null;
}
