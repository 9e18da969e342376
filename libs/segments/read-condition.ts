import type { ASTNode } from '@marcbachmann/cel-js';
import type { Comparison, Condition, Literal, Operand, TextTest } from './condition.js';
import { longestLookBackDays } from './facts.js';
import type { Field, ValueType } from './fields.js';
import { didYouMean } from '../platform/nearest.js';
import { whyUnfit } from '../platform/bounds.js';

/** An error in a rule, with its place. */
export class RuleError extends Error {
  constructor(
    what: string,
    readonly start: number,
    /** It says only that this cannot be read: a known common mistake gives a better message. */
    readonly plain = false,
  ) {
    super(what);
    this.name = 'RuleError';
  }
}

/**
 * Turns CEL's syntax tree into a condition. Accepts only what both evaluations support; the rest of CEL is an error with its place.
 * @throws RuleError
 */
export function readCondition(node: ASTNode, fields: readonly Field[]): Condition {
  const condition = (part: ASTNode): Condition => readCondition(part, fields);
  const operand = (part: ASTNode): Operand => readOperand(part, fields);
  switch (node.op) {
    case '&&':
      return { kind: 'and', sides: [condition(node.args[0]), condition(node.args[1])] };
    case '||':
      return { kind: 'or', sides: [condition(node.args[0]), condition(node.args[1])] };
    case '!_':
      return { kind: 'not', of: condition(node.args) };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return readComparison(node, node.op, operand(node.args[0]), operand(node.args[1]));
    case 'in':
      return readIn(node, operand(node.args[0]), node.args[1], fields);
    case 'rcall':
      return readTextTest(node, node.args[0], operand(node.args[1]), node.args[2].map(operand));
    case 'call': {
      const [name, args] = node.args;
      const [of] = args;
      if (name !== 'has' || of === undefined)
        throw new RuleError(`${name}() is not true or false; compare it`, node.start, name !== 'events');
      return { kind: 'has', field: readField(of, fields) };
    }
    case 'value':
      if (typeof node.args === 'boolean') return { kind: 'always', value: node.args };
      break;
    case '.':
    case '[]': {
      const field = readField(node, fields);
      if (field.type === 'boolean') return { kind: 'is', field };
      throw new RuleError(`${field.of}.${field.name} is a ${field.type}, not true or false; compare it with something`, node.start);
    }
  }
  throw new RuleError(`rules do not support ${textOf(node)}`, node.start, true);
}

function readComparison(node: ASTNode, by: Comparison, left: Operand, right: Operand): Condition {
  const [one, other] = [typeOf(left), typeOf(right)];
  if (one !== other) throw new RuleError(`a ${one} is never comparable with a ${other}${asTyped(left, right)}`, node.start);
  checkValue(left, right, node);
  checkValue(right, left, node);
  return { kind: 'compare', by, left, right };
}

function readIn(node: ASTNode, value: Operand, list: ASTNode, fields: readonly Field[]): Condition {
  if (list.op !== 'list') throw new RuleError('a list must follow after in, as in ["a", "b"]', list.start);
  if (list.args.length === 0) throw new RuleError('an empty list matches nobody', list.start);
  const literals = list.args.map((part): Literal => {
    const literal = readOperand(part, fields);
    if (literal.kind !== 'literal') throw new RuleError('a list may contain only plain values', part.start);
    if (typeOf(literal) !== typeOf(value))
      throw new RuleError(`a ${typeOf(value)} is never in a list with a ${typeOf(literal)}`, part.start);
    checkValue(value, literal, part);
    return literal.value;
  });
  return { kind: 'in', value, list: literals };
}

const textTests: readonly string[] = ['startsWith', 'endsWith', 'contains'] satisfies TextTest[];
const isTextTest = (name: string): name is TextTest => textTests.includes(name);

function readTextTest(node: ASTNode, name: string, value: Operand, args: readonly Operand[]): Condition {
  const [part] = args;
  if (!isTextTest(name)) throw new RuleError(`rules do not support ${short(name)}()${didYouMean(name, textTests)}`, node.start);
  if (part === undefined || args.length > 1) throw new RuleError(`${name}() takes one text`, node.start);
  if (typeOf(value) !== 'string' || typeOf(part) !== 'string') throw new RuleError(`${name}() works only on texts`, node.start);
  return { kind: 'text', by: name, value, part };
}

function readOperand(node: ASTNode, fields: readonly Field[]): Operand {
  switch (node.op) {
    case 'value':
      return { kind: 'literal', value: readLiteral(node.args, node) };
    case '-_': {
      const of = readOperand(node.args, fields);
      if (of.kind === 'literal' && typeof of.value === 'number') return { kind: 'literal', value: -of.value };
      break;
    }
    case '.':
    case '[]':
      return { kind: 'field', field: readField(node, fields) };
    case 'call':
      if (node.args[0] === 'events') return readEvents(node, node.args[1]);
      break;
    case 'id':
      throw new RuleError(`${short(node.args)} is not a value${didYouMean(node.args, ['customer', 'score'])}`, node.start, true);
  }
  throw new RuleError(`rules cannot calculate with, or compare, ${textOf(node)}`, node.start, true);
}

function readLiteral(value: unknown, node: ASTNode): Literal {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === null) throw new RuleError('nothing equals null; write has(customer.plan), or !has(customer.plan)', node.start);
  if (typeof value !== 'string') throw new RuleError(`rules do not support ${textOf(node)}`, node.start);
  if (whyUnfit(value) !== undefined) throw new RuleError('this text has characters that no customer can have', node.start);
  return value;
}

function readEvents(node: ASTNode, args: readonly ASTNode[]): Operand {
  const [event, days] = args.map((part) => (part.op === 'value' ? readLiteral(part.args, part) : undefined));
  if (typeof event !== 'string' || typeof days !== 'number' || !Number.isInteger(days) || days < 1 || days > longestLookBackDays) {
    throw new RuleError(
      `events() takes a kind and 1 to ${String(longestLookBackDays)} days, as in events("ticket.opened", 30)`,
      node.start,
    );
  }
  return { kind: 'events', event, days };
}

function readField(node: ASTNode, fields: readonly Field[]): Field {
  const [of, name] = pathOf(node);
  const known = fields.filter((field) => field.of === of);
  if (of === undefined || name === undefined || known.length === 0) {
    throw new RuleError(`${textOf(node)} is not known to rules; they know customer.… and score.…`, node.start, true);
  }
  const field = known.find((candidate) => candidate.name === name);
  if (field !== undefined) return field;
  const names = known.map((candidate) => candidate.name);
  throw new RuleError(`${of} has no ${name}${didYouMean(name, names)}`, node.start);
}

function pathOf(node: ASTNode): [string, string] | [] {
  if (node.op === '.' && node.args[0].op === 'id') return [node.args[0].args, node.args[1]];
  if (node.op === '[]' && node.args[0].op === 'id' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    return [node.args[0].args, node.args[1].args];
  }
  return [];
}

/** A value that a field never has is a mistake: the rule would silently match nobody. */
function checkValue(operand: Operand, literal: Operand, node: ASTNode): void {
  if (operand.kind !== 'field' || operand.field.values === null || literal.kind !== 'literal') return;
  if (operand.field.values.some((value) => value === literal.value)) return;
  const { of, name, values } = operand.field;
  throw new RuleError(
    `${of}.${name} is never ${JSON.stringify(literal.value)}; it is one of ${values.join(', ')}${didYouMean(String(literal.value), values)}`,
    node.start,
  );
}

function typeOf(operand: Operand): ValueType {
  if (operand.kind === 'literal') return typeof operand.value as ValueType;
  return operand.kind === 'field' ? operand.field.type : 'number';
}

const textOf = (node: ASTNode): string => short(node.input.slice(node.range.start, node.range.end));
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** How to write a plain value so that it has the type of the other side; empty if that cannot be known. */
function asTyped(left: Operand, right: Operand): string {
  const [value, other] = left.kind === 'literal' ? [left.value, right] : right.kind === 'literal' ? [right.value, left] : [];
  if (value === undefined || other === undefined) return '';
  const wanted = typeOf(other);
  if (wanted === 'string') return `; write "${String(value)}"`;
  if (wanted === 'boolean') return '; write true or false, without quotes';
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? `; write ${value}, without quotes` : '';
}
