import { didYouMean } from '../../platform/nearest.js';
import type { FeatureDeclaration } from '../declaration.js';
import { leastOfAValue, type FeatureRow } from './features.js';
import { looksLikeDate, looksLikeIdentifier } from './data/disguises.js';
import { auc } from './quality/metrics.js';

/** The finding about one declared feature before a model is trained. */
export interface FeatureFinding {
  readonly feature: string;
  /**
   * `used`; or not used because no customer has it (`missing`), its values have another type (`other-type`), it is the same for all
   * (`constant`), it differs from customer to customer (`identifier`), or it is a day (`date`); or used and `suspicious`: alone, it
   * separates nearly all churned customers from the others.
   */
  readonly found: 'used' | 'missing' | 'other-type' | 'constant' | 'identifier' | 'date' | 'suspicious';
  /** The number of customers with a value of the declared type. */
  readonly known: number;
  /** A sentence for a person; empty if it is used. */
  readonly what: string;
}

/** If one feature alone predicts the outcome better than this, it is suspected to be the outcome itself. */
export const suspiciousAuc = 0.98;

const typeOf: Readonly<Record<FeatureDeclaration['type'], string>> = { number: 'number', category: 'string', flag: 'boolean' };
const named: Readonly<Record<string, string>> = { number: 'a number', string: 'text', boolean: 'true or false' };

/** Examines each declared feature in the training data. @param labels 1 if the target happened, otherwise 0; one for each row */
export function lookAtFeatures(
  features: Readonly<Record<string, FeatureDeclaration>>,
  rows: readonly FeatureRow[],
  labels: Uint8Array,
): FeatureFinding[] {
  const there = namesIn(rows);
  return Object.entries(features).map(([feature, declared]) => {
    const values = rows.map((row) => row[feature] ?? null);
    const right = values.map((value) => (typeof value === typeOf[declared.type] ? value : null));
    const known = right.filter((value) => value !== null).length;
    const finding = (found: FeatureFinding['found'], what: string): FeatureFinding => ({ feature, found, known, what });
    const others = values.filter((value, index) => value !== null && right[index] === null);
    if (known === 0 && others.length === 0) {
      const free = there.filter((name) => !(name in features));
      const what = `no customer has it, so the model is trained without it${didYouMean(feature, free) || `; they have ${listed(free)}`}`;
      return finding('missing', what);
    }
    if (known === 0) {
      const kinds = [...new Set(others.map((value) => named[typeof value] ?? typeof value))].join(' and ');
      return finding('other-type', `is declared as ${declared.type}, and customers have ${kinds} there`);
    }
    if (new Set(right.filter((value) => value !== null)).size === 1 && known === rows.length)
      return finding('constant', 'is the same for all customers');
    if (looksLikeDate(right)) return finding('date', 'holds dates: make the days since then, or until then, a number of its own');
    if (looksLikeIdentifier(feature, right)) return finding('identifier', 'differs from customer to customer, as an identifier does');
    if (declared.type === 'category' && frequent(right).size === 0) {
      return finding('constant', `has no value that ${leastOfAValue} customers share: is it a number or a name of their own?`);
    }
    const alone = aloneAuc(declared, right, labels);
    if (alone >= suspiciousAuc && declared.known_before !== true) {
      return finding('suspicious', `predicts the outcome nearly alone (AUC ${alone.toFixed(3)}): is it only known afterwards?`);
    }
    const part = others.length === 0 ? '' : `${others.length} customers have another type there, which does not count`;
    return finding('used', part);
  });
}

type Value = string | number | boolean | null;

/**
 * How well one feature alone predicts the outcome: by the share of positive outcomes for each value, or for each twentieth of the numbers.
 * A missing value counts as a value too, because a feature that only churned customers have reveals the outcome.
 */
function aloneAuc({ type }: FeatureDeclaration, values: readonly Value[], labels: Uint8Array): number {
  const groups = type === 'number' ? twentieths(values) : grouped(values);
  const counts = new Map<string, { all: number; happened: number }>();
  groups.forEach((group, index) => {
    const count = counts.get(group) ?? { all: 0, happened: 0 };
    counts.set(group, { all: count.all + 1, happened: count.happened + (labels[index] ?? 0) });
  });
  const share = (group: string): number => {
    const { all, happened } = counts.get(group) ?? { all: 1, happened: 0 };
    return happened / all;
  };
  return auc(groups.map(share), labels);
}

function grouped(values: readonly Value[]): string[] {
  const common = frequent(values);
  return values.map((value) => (value === null ? 'unknown' : common.has(value) ? `is ${String(value)}` : 'rare'));
}

function frequent(values: readonly Value[]): Set<Value> {
  const counts = new Map<Value, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= leastOfAValue).map(([value]) => value));
}

function twentieths(values: readonly Value[]): string[] {
  const sorted = Float64Array.from(values.filter((value) => typeof value === 'number')).sort();
  const limits = [...new Set(Array.from({ length: 19 }, (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / 20)] ?? 0))];
  return values.map((value) => (typeof value === 'number' ? String(limits.filter((limit) => value >= limit).length) : 'unknown'));
}

const mostNamed = 12;

function namesIn(rows: readonly FeatureRow[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const [name, value] of Object.entries(row)) if (value !== null && value !== undefined) names.add(name);
  return [...names].sort();
}

function listed(free: readonly string[]): string {
  if (free.length === 0) return 'nothing that is not declared already';
  return `${free.slice(0, mostNamed).join(', ')}${free.length > mostNamed ? ' and others' : ''}`;
}
