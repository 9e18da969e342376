import { Environment, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { Problem } from '../platform/problem.js';
import type { Condition } from './condition.js';
import type { Facts } from './facts.js';
import { knownFields, type Field, type ValueType } from './fields.js';
import { askedBy } from './asked-fields.js';
import { holds } from './holds.js';
import { readCondition, RuleError } from './read-condition.js';
import { mistakeIn } from './rule-mistakes.js';
import { toSql } from './to-sql.js';

/** A checked condition from CEL that can be evaluated for one customer or for all. */
export interface Rule {
  readonly source: string;
  readonly condition: Condition;
  /** The fields and events that it reads, each once, as in `customer.contract` or `events.payment`. */
  readonly asks: readonly string[];
  holds(facts: Facts): boolean;
  /**
   * The same as SQL: a boolean, never null, over alias c (customer), with parameters from `$firstParam` upwards.
   * @param now what `events(kind, days)` looks back from: an instant, or an SQL expression of one, where alias e is taken
   */
  toSql(firstParam: number, now: Date | string): { sql: string; params: unknown[] };
}

/**
 * Reads and checks a rule. There are few rules and they are evaluated often, so the last ones stay compiled.
 * @param fields the fields that it may use
 * @throws Problem invalid, with its place in the rule as `line:column`
 */
export function compileRule(source: string, fields: readonly Field[] = knownFields()): Rule {
  const { rules, checker } = compilerFor(fields);
  const known = rules.get(source);
  if (known !== undefined) return known;
  const rule = compile(source, fields, checker);
  const [oldest] = rules.keys();
  if (rules.size >= keptCompiled && oldest !== undefined) rules.delete(oldest);
  rules.set(source, rule);
  return rule;
}

/** The state that rules over the same fields share. */
interface Compiler {
  readonly rules: Map<string, Rule>;
  readonly checker: Environment;
}
const compilers = new WeakMap<readonly Field[], Compiler>();
const keptCompiled = 500;

function compilerFor(fields: readonly Field[]): Compiler {
  const known = compilers.get(fields);
  if (known !== undefined) return known;
  const compiler = { rules: new Map<string, Rule>(), checker: environment(fields) };
  compilers.set(fields, compiler);
  return compiler;
}

/** Characters: longer than any useful rule, and still quick to check. */
const longest = 10_000;
const limits = { maxDepth: 40, maxAstNodes: 1_000 };

function compile(source: string, fields: readonly Field[], checker: Environment): Rule {
  if (source.length > longest) throw unreadable('1:1', `is longer than ${longest.toLocaleString('en')} characters`);
  try {
    const parsed = checker.parse(source);
    const condition = readCondition(parsed.ast, fields);
    const checked = parsed.check();
    if (checked.error !== undefined) throw checked.error;
    return {
      source,
      condition,
      asks: askedBy(condition),
      holds: (facts) => holds(condition, facts),
      toSql: (firstParam, now) => toSql(condition, firstParam, now),
    };
  } catch (error) {
    const found = errorOf(error, source);
    if (found === undefined) throw error;
    const { start, what } = (found.plain && mistakeIn(source, fields)) || found;
    throw unreadable(placeOf(source, start), what);
  }
}

const unreadable = (where: string, what: string): Problem => new Problem('invalid', 'This rule cannot be read', [{ where, what }]);

/** Why a rule cannot be read. `plain`: the message of a known common mistake would be better. */
function errorOf(error: unknown, source: string): { readonly what: string; readonly start: number; readonly plain: boolean } | undefined {
  if (error instanceof RuleError) return { what: error.message, start: error.start, plain: error.plain };
  if (!(error instanceof ParseError || error instanceof CelTypeError)) return undefined;
  const start = error.range?.start ?? 0;
  return { what: inPlainWords(error.summary, source, start), start, plain: !error.summary.startsWith('Exceeded') };
}

/** The message of CEL's parser, in words for people who do not know its tokens. */
function inPlainWords(summary: string, source: string, start: number): string {
  const [, limit, most] = /^Exceeded (\w+) \((\d+)\)/.exec(summary) ?? [];
  if (limit !== undefined)
    return limit === 'maxDepth' ? `is nested deeper than ${String(most)} levels` : `is too long: it has more than ${String(most)} parts`;
  if (summary === 'Unterminated string') return 'a quote is opened here and never closed';
  if (summary.endsWith('got EOF')) return `ends before ${summary.includes('RPAREN') ? 'a ( is closed; write )' : 'it is complete'}`;
  if (summary.endsWith('EOF')) return 'ends too early: something must follow here';
  const word = /[\w.]*$/.exec(source.slice(0, start))?.[0] ?? '';
  const rest = /^(?:\w+|[^\w\s]+)/.exec(source.slice(start))?.[0] ?? '';
  return `${`${word}${rest}`.slice(0, 60)} cannot stand here; a condition is written as in customer.tenure >= 3 && score.churn > 0.5`;
}

/** `line:column`, both from 1. */
function placeOf(source: string, start: number): string {
  const before = source.slice(0, start).split('\n');
  return `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
}

const celTypes: Record<ValueType, string> = { string: 'string', number: 'double', boolean: 'bool' };

/** CEL's type checker with the known fields. It never evaluates here, so the functions have no body. */
function environment(fields: readonly Field[]): Environment {
  return (
    new Environment({ homogeneousAggregateLiterals: false, limits })
      .registerVariable({ name: 'customer', schema: schemaOf('customer', fields) })
      .registerVariable({ name: 'score', schema: schemaOf('score', fields) })
      .registerFunction('events(string, int): int', unevaluated)
      // CEL orders integers and decimals together, but never calls them equal; people expect that.
      .registerOperator('double == int', unevaluated)
      .registerOperator('double in list<int>', unevaluated)
  );
}

const schemaOf = (of: Field['of'], fields: readonly Field[]): Record<string, string> =>
  Object.fromEntries(fields.filter((field) => field.of === of).map((field) => [field.name, celTypes[field.type]]));

function unevaluated(): never {
  throw new Error('Rules are evaluated by holds.ts and to-sql.ts');
}
