import type { Condition, Operand } from './condition.js';
import type { Field } from './fields.js';

/** A condition as a rule has it. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
      return condition.sides.map((side) => (side.kind === 'or' ? `(${conditionText(side)})` : conditionText(side))).join(' && ');
    case 'or':
      return condition.sides.map(conditionText).join(' || ');
    case 'not':
      return binds(condition.of) ? `!${conditionText(condition.of)}` : `!(${conditionText(condition.of)})`;
    case 'always':
      return String(condition.value);
    case 'is':
      return nameOf(condition.field);
    case 'has':
      return `has(${nameOf(condition.field)})`;
    case 'compare':
      return `${operandText(condition.left)} ${condition.by} ${operandText(condition.right)}`;
    case 'in':
      return `${operandText(condition.value)} in [${condition.list.map((value) => JSON.stringify(value)).join(', ')}]`;
    case 'text':
      return `${operandText(condition.value)}.${condition.by}(${operandText(condition.part)})`;
  }
}

/** The conditions that must all hold. */
export function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.sides.flatMap(partsOf) : [condition];
}

const binds = ({ kind }: Condition): boolean => kind === 'has' || kind === 'is' || kind === 'always' || kind === 'text';

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'literal':
      return JSON.stringify(operand.value);
    case 'field':
      return nameOf(operand.field);
    case 'events':
      return `events(${JSON.stringify(operand.event)}, ${String(operand.days)})`;
  }
}

const nameOf = ({ of, name }: Field): string => `${of}.${name}`;
