import { parse, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { isAlias, isMap, isScalar, parseDocument, visit } from 'yaml';

/*
 * Helpers of migration 0017. They read rules and documents as they were written at its time, with the parsers of CEL and YAML alone and nothing
 * of the product's own code, so that a later change of the rule language or of the campaign language cannot break the migration.
 */

const oldStatus = 'left';
const newStatus = 'churned';

/** A rule in which the customer's status is called by its new name. A text that is no rule stays as it is. */
export function renamedRule(rule: string): string {
  return renamedAt(rule, statusesIn(rule));
}

/**
 * A campaign or a treatment as it was written, with the new name in its rules and its exit steps. All else stays as it is, comments and layout
 * included. A word that is written with escapes (`"\x6ceft"`) is not found.
 */
export function renamedDocument(yaml: string): string {
  const document = parseDocument(yaml);
  if (document.errors.length > 0) return yaml;
  const places = new Set<number>();
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const add = (node: unknown, placesIn: (text: string) => readonly number[]): void => {
    const scalar = resolved(node);
    if (!isScalar(scalar) || typeof scalar.value !== 'string' || !scalar.range) return;
    const [start, end] = scalar.range;
    // The first line of a block scalar is its header, which may have a comment.
    const from = /[|>]/.test(yaml.charAt(start)) ? yaml.indexOf('\n', start) : start;
    const written = occurrencesIn(yaml.slice(from, end));
    const read = occurrencesIn(scalar.value);
    if (written.length !== read.length) return;
    for (const place of placesIn(scalar.value)) places.add(from + (written[read.indexOf(place)] ?? 0));
  };
  visit(document, {
    Pair: (_, { key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      if (['goal', 'audience', 'assess', 'eligible'].includes(name)) add(value, statusesIn);
      if (name === 'exit') add(value, (outcome) => (outcome === oldStatus ? [0] : []));
      const branches = name === 'branch' ? resolved(value) : undefined;
      if (isMap(branches)) for (const { value: rule } of branches.items) add(rule, statusesIn);
    },
  });
  return renamedAt(yaml, [...places]);
}

/** The parts of a stored definition that name a status or an outcome. */
export interface StoredDefinition {
  readonly goal?: string | null;
  readonly audience?: string;
  readonly journey?: { readonly steps: Readonly<Record<string, { readonly spec?: unknown }>> };
}

/** The definition of a version, with the new name in its rules and its exit steps. */
export function renamedDefinition<Definition extends StoredDefinition>(definition: Definition): Definition {
  const { goal, audience, journey } = definition;
  return {
    ...definition,
    ...(typeof goal === 'string' && { goal: renamedRule(goal) }),
    ...(audience !== undefined && { audience: renamedRule(audience) }),
    ...(journey !== undefined && { journey: { ...journey, steps: renamedSteps(journey.steps) } }),
  };
}

function renamedSteps(steps: Readonly<Record<string, { readonly spec?: unknown }>>): unknown {
  const renamed = Object.entries(steps).map(([id, step]) => [id, { ...step, ...('spec' in step && { spec: renamedSpec(step.spec) }) }]);
  return Object.fromEntries(renamed);
}

/** What a step says: an assess step has one rule, a branch step several, an exit step an outcome. */
function renamedSpec(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null) return spec;
  const { rule, rules, outcome } = spec as { rule?: unknown; rules?: unknown; outcome?: unknown };
  return {
    ...spec,
    ...(typeof rule === 'string' && { rule: renamedRule(rule) }),
    ...(Array.isArray(rules) && { rules: rules.map(renamedSpec) }),
    ...(outcome === oldStatus && { outcome: newStatus }),
  };
}

/** Where a rule names the old status: the offsets of the word. */
function statusesIn(rule: string): number[] {
  try {
    return literalsBesideStatus(parse(rule).ast).flatMap(({ start, end }) => {
      const within = rule.slice(start, end).indexOf(oldStatus);
      return within < 0 ? [] : [start + within];
    });
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}

/** The texts that are compared with the customer's status: on either side, in a list, in a function of texts. */
function literalsBesideStatus(node: ASTNode): ASTNode[] {
  const parts = partsOf(node);
  const compared = parts.some(isStatus) ? parts.flatMap((part) => (part.op === 'list' ? part.args : [part])) : [];
  return [...compared.filter(({ op, args }) => op === 'value' && args === oldStatus), ...parts.flatMap(literalsBesideStatus)];
}

function partsOf({ args }: ASTNode): ASTNode[] {
  return [args].flat(3).filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part);
}

/** `customer.status` or `customer["status"]`. */
function isStatus({ op, args }: ASTNode): boolean {
  if (op !== '.' && op !== '[]') return false;
  const [of, name] = args;
  return of.op === 'id' && of.args === 'customer' && (name === 'status' || (typeof name === 'object' && name.args === 'status'));
}

function occurrencesIn(text: string): number[] {
  return [...text.matchAll(new RegExp(oldStatus, 'g'))].map(({ index }) => index);
}

function renamedAt(text: string, places: readonly number[]): string {
  return [...places]
    .sort((a, b) => b - a)
    .reduce((renamed, place) => `${renamed.slice(0, place)}${newStatus}${renamed.slice(place + oldStatus.length)}`, text);
}
