import type { Comparison, Condition, Literal, Operand } from './condition.js';

/** What is certain about a condition for every customer: that it never holds, with the reason, or that it always holds. */
export type Certainty = { readonly kind: 'never'; readonly why: string } | { readonly kind: 'always' } | { readonly kind: 'depends' };

const depends: Certainty = { kind: 'depends' };
const always: Certainty = { kind: 'always' };
const never = (why: string): Certainty => ({ kind: 'never', why });

/** What is certain about a condition for every customer, from the ranges of numbers and from contradictions. */
export function certaintyOf(condition: Condition): Certainty {
  switch (condition.kind) {
    case 'always':
      return condition.value ? always : never('it is false');
    case 'and':
      return ofAll(partsOf(condition));
    case 'or':
      return ofAny(condition.sides.map(certaintyOf));
    case 'not': {
      const { kind } = certaintyOf(condition.of);
      if (kind === 'depends') return depends;
      return kind === 'never' ? always : never('what it excludes always holds');
    }
    case 'compare':
    case 'in':
      return ofAll([condition]);
    default:
      return depends;
  }
}

/** The parts of a chain of `&&`. */
function partsOf(condition: Condition): Condition[] {
  return condition.kind === 'and' ? condition.sides.flatMap(partsOf) : [condition];
}

function ofAny(sides: readonly Certainty[]): Certainty {
  if (sides.some(({ kind }) => kind === 'always')) return always;
  const [first] = sides;
  return first?.kind === 'never' && sides.every(({ kind }) => kind === 'never') ? first : depends;
}

/** Conditions that must hold together. */
function ofAll(parts: readonly Condition[]): Certainty {
  const spans = new Map<string, Span>();
  const words = new Map<string, ReadonlySet<Literal>>();
  let open = 0;
  for (const part of parts) {
    const bound = boundOf(part);
    if (bound === undefined) {
      const own = part.kind === 'compare' || part.kind === 'in' ? ofLiterals(part) : certaintyOf(part);
      if (own.kind === 'never') return own;
      if (own.kind === 'depends') open += 1;
      continue;
    }
    open += 1;
    const { name, range, by, values } = bound;
    const before = words.get(name);
    if (by === '==') {
      const both = before === undefined ? values : values.filter((value) => before.has(value));
      if (both.length === 0)
        return never(`${name} cannot be ${[...(before ?? [])].map(shown).join(' or ')} and ${values.map(shown).join(' or ')} at once`);
      words.set(name, new Set(both));
    }
    const numbers = values.filter((value) => typeof value === 'number');
    if (numbers.length === 0) continue;
    const span = spans.get(name) ?? { least: range[0], most: range[1], leastOpen: false, mostOpen: false, said: [] };
    const narrowed = narrow(span, by, numbers);
    if (isEmpty(narrowed)) return never(whyEmpty(name, range, span, by, numbers));
    spans.set(name, narrowed);
  }
  return open === 0 ? always : depends;
}

interface Span {
  readonly least: number;
  readonly most: number;
  readonly leastOpen: boolean;
  readonly mostOpen: boolean;
  readonly said: readonly string[];
}

function narrow(span: Span, by: Comparison, numbers: readonly number[]): Span {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const said = [...span.said, `${words[by]} ${numbers.map(String).join(' or ')}`];
  const up = (least: number, open: boolean): Span =>
    least > span.least || (least === span.least && open) ? { ...span, least, leastOpen: open, said } : { ...span, said };
  const down = (most: number, open: boolean): Span =>
    most < span.most || (most === span.most && open) ? { ...span, most, mostOpen: open, said } : { ...span, said };
  switch (by) {
    case '>':
      return up(high, true);
    case '>=':
      return up(high, false);
    case '<':
      return down(low, true);
    case '<=':
      return down(low, false);
    case '==': {
      const within = numbers.filter((number) => holdsIn(span, number));
      return within.length === 0
        ? { ...span, least: 1, most: 0, said }
        : { ...span, least: Math.min(...within), most: Math.max(...within), leastOpen: false, mostOpen: false, said };
    }
    case '!=':
      return span;
  }
}

const holdsIn = ({ least, most, leastOpen, mostOpen }: Span, number: number): boolean =>
  (number > least || (number === least && !leastOpen)) && (number < most || (number === most && !mostOpen));

const isEmpty = ({ least, most, leastOpen, mostOpen }: Span): boolean => least > most || (least === most && (leastOpen || mostOpen));

const words: Readonly<Record<Comparison, string>> = {
  '>': 'above',
  '>=': 'at least',
  '<': 'below',
  '<=': 'at most',
  '==': 'equal to',
  '!=': 'other than',
};

function whyEmpty(name: string, range: readonly [number, number], before: Span, by: Comparison, numbers: readonly number[]): string {
  const last = `${words[by]} ${numbers.map(String).join(' or ')}`;
  const outside = isEmpty(narrow({ least: range[0], most: range[1], leastOpen: false, mostOpen: false, said: [] }, by, numbers));
  if (!outside) return `${name} cannot be ${[...before.said, last].join(' and ')} at once`;
  const [number = 0] = numbers;
  const share = range[1] === 1 && number > 1 && number <= 100 ? `; write ${String(number / 100)}` : '';
  return `${name} is ${range[1] === Infinity ? `never below ${String(range[0])}` : `from ${String(range[0])} to ${String(range[1])}`}, so it is never ${last}${share}`;
}

/** What a part requires of one field or count, with plain values; undefined for any other part. */
function boundOf(
  part: Condition,
):
  | { readonly name: string; readonly range: readonly [number, number]; readonly by: Comparison; readonly values: readonly Literal[] }
  | undefined {
  if (part.kind === 'in') {
    const asked = askedOf(part.value);
    return asked && { ...asked, by: '==', values: part.list };
  }
  if (part.kind !== 'compare') return undefined;
  const { left, right, by } = part;
  if (right.kind === 'literal' && left.kind !== 'literal') return bounded(left, by, right.value);
  if (left.kind === 'literal' && right.kind !== 'literal') return bounded(right, mirrored[by], left.value);
  return undefined;
}

function bounded(operand: Operand, by: Comparison, value: Literal): ReturnType<typeof boundOf> {
  const asked = askedOf(operand);
  return asked && { ...asked, by, values: [value] };
}

const mirrored: Readonly<Record<Comparison, Comparison>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' };

function askedOf(operand: Operand): { readonly name: string; readonly range: readonly [number, number] } | undefined {
  if (operand.kind === 'events') return { name: `events("${operand.event}", ${String(operand.days)})`, range: [0, Infinity] };
  if (operand.kind !== 'field') return undefined;
  const { of, name, range } = operand.field;
  return { name: `${of}.${name}`, range: range ?? [-Infinity, Infinity] };
}

/** A comparison of two plain values. */
function ofLiterals(part: Extract<Condition, { kind: 'compare' | 'in' }>): Certainty {
  if (part.kind === 'in')
    return part.value.kind === 'literal'
      ? part.list.includes(part.value.value)
        ? always
        : never('the list does not contain it')
      : depends;
  if (part.left.kind !== 'literal' || part.right.kind !== 'literal') return depends;
  if (part.by === '==' || part.by === '!=')
    return (part.left.value === part.right.value) === (part.by === '==') ? always : never('the two values differ');
  return depends;
}

const shown = (value: Literal): string => JSON.stringify(value);
