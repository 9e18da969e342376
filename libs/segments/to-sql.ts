import type { Comparison, Condition, Literal, Operand, TextTest } from './condition.js';
import { dayMs } from './facts.js';
import type { ValueType } from './fields.js';

/**
 * Turns a condition into SQL for all customers: a boolean over alias c (customer) that is never null.
 * @param firstParam the number of its first parameter; everything that comes from the rule is a parameter
 * @param now an instant, or an SQL expression of one for each customer
 */
export function toSql(condition: Condition, firstParam: number, now: Date | string): { sql: string; params: unknown[] } {
  const params: unknown[] = [];
  const param = (value: unknown, type: string): string => `$${String(firstParam + params.push(value) - 1)}::${type}`;
  return { sql: `(${conditionSql(condition, { param, now })}) is true`, params };
}

interface Writer {
  readonly param: (value: unknown, type: string) => string;
  readonly now: Date | string;
}

/**
 * May be null if a value is missing. `and` and `or` may treat null as false, because that never makes their result true; `not` turns null
 * into false first. So one conversion at the top equals a conversion at every comparison, and indexes stay usable inside.
 */
function conditionSql(condition: Condition, writer: Writer): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `(${condition.sides.map((side) => conditionSql(side, writer)).join(` ${condition.kind} `)})`;
    case 'not':
      return `((${conditionSql(condition.of, writer)}) is not true)`;
    case 'always':
      return String(condition.value);
    case 'is':
      return condition.field.sql;
    case 'has':
      return `(${condition.field.sql} is not null)`;
    case 'compare': {
      const [left, right] = [operandSql(condition.left, writer), operandSql(condition.right, writer)];
      return `(${left} ${operators[condition.by]} ${right}${sortsText(condition) ? ' collate "C"' : ''})`;
    }
    case 'in':
      return `(${operandSql(condition.value, writer)} = any(${writer.param(condition.list, `${typeOf(condition.value)}[]`)}))`;
    case 'text':
      return textTests[condition.by](operandSql(condition.value, writer), operandSql(condition.part, writer));
  }
}

const operators: Record<Comparison, string> = { '==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

const textTests: Record<TextTest, (value: string, part: string) => string> = {
  startsWith: (value, part) => `starts_with(${value}, ${part})`,
  endsWith: (value, part) => `starts_with(reverse(${value}), reverse(${part}))`,
  contains: (value, part) => `(strpos(${value}, ${part}) > 0)`,
};

const types: Record<ValueType, string> = { string: 'text', number: 'double precision', boolean: 'boolean' };

function operandSql(operand: Operand, { param, now }: Writer): string {
  switch (operand.kind) {
    case 'literal':
      return param(operand.value, typeOf(operand));
    case 'field':
      return operand.field.sql;
    case 'events': {
      const kind = param(operand.event, 'text');
      const [since, until] =
        typeof now === 'string'
          ? [`${now} - interval '${String(operand.days * 24)} hours'`, now]
          : [param(new Date(now.getTime() - operand.days * dayMs), 'timestamptz'), param(now, 'timestamptz')];
      return `(select count(*) from customer_event e where e.customer_id = c.id and e.kind = ${kind} and e.at > ${since} and e.at <= ${until})::double precision`;
    }
  }
}

function typeOf(operand: Operand): string {
  if (operand.kind === 'literal') return types[literalType(operand.value)];
  return operand.kind === 'field' ? types[operand.field.type] : types.number;
}

const literalType = (value: Literal): ValueType => typeof value as ValueType;
/** Equality is the same in every collation, so an index can be used for it. */
const sortsText = (compare: Extract<Condition, { kind: 'compare' }>): boolean =>
  typeOf(compare.left) === 'text' && compare.by !== '==' && compare.by !== '!=';
