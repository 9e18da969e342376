import { didYouMean } from '../../platform/nearest.js';
import type { FeatureDeclaration, Features } from '../features/feature.js';
import { valueAt } from '../features/feature-columns.js';
import { attribute } from '../features/sources/attribute.js';
import { sourceOf } from '../features/sources/table.js';
import type { DataColumn } from '../model/data/data-matrix.js';
import { looksLikeDate, looksLikeIdentifier } from '../model/data/disguises.js';
import { leastOfAValue } from '../model/linear/design.js';
import { auc } from '../model/quality/metrics.js';
import type { LabelledRows } from './labelled-rows.js';
import type { StoredAttributes } from './stored-attributes.js';

/** The finding about one declared feature before a model is trained. */
export interface FeatureFinding {
  readonly feature: string;
  /**
   * `used`; or not used because no customer has it (`missing`), its values have another type (`other-type`), it is the same for all (`constant`),
   * it differs from customer to customer (`identifier`), it is a day (`date`), or it is not known at past dates (`no-history`); or used and
   * `suspicious`: alone, it separates nearly all to whom it happened from the others.
   */
  readonly found: 'used' | 'missing' | 'other-type' | 'constant' | 'identifier' | 'date' | 'no-history' | 'suspicious';
  /** The number of rows with a value of the declared type. */
  readonly known: number;
  /** A sentence for a person; empty if it is used. */
  readonly what: string;
}

/** If one feature alone predicts the outcome better than this, it is suspected to be the outcome itself. */
export const suspiciousAuc = 0.98;

const typeOf: Readonly<Record<FeatureDeclaration['type'], string>> = { number: 'number', category: 'string', flag: 'boolean' };
const named: Readonly<Record<string, string>> = { number: 'a number', string: 'text', boolean: 'true or false' };

/**
 * Looks at each feature in the rows to learn from.
 * @param stored what customers have: says what a feature that nobody has may have been meant for
 */
export function lookAtFeatures(features: Features, { columns, labels }: LabelledRows, stored: StoredAttributes): FeatureFinding[] {
  return Object.entries(features).map(([feature, declared], index) => {
    const column = columns[index];
    const values = column === undefined ? [] : valuesOf(column);
    const known = values.filter((value) => value !== null).length;
    const finding = (found: FeatureFinding['found'], what: string): FeatureFinding => ({ feature, found, known, what });
    const others = sourceOf(declared) === attribute ? otherTypes(stored, feature, declared) : [];
    if (known === 0 && others.length > 0) {
      const kinds = others.map(([type]) => named[type] ?? type).join(' and ');
      return finding('other-type', `is declared as ${declared.type}, and customers have ${kinds} there`);
    }
    if (known === 0)
      return finding('missing', `no customer has it, so the model is trained without it${adviceFor(feature, declared, features, stored)}`);
    if (new Set(values).size === 1) return finding('constant', 'is the same for all customers');
    if (looksLikeDate(values)) return finding('date', 'holds dates: declare the days until then, as in { days_until: contract_end }');
    if (sourceOf(declared) === attribute && looksLikeIdentifier(feature, values))
      return finding('identifier', 'differs from customer to customer, as an identifier does');
    if (declared.type === 'category' && frequent(values).size === 0) {
      return finding('constant', `has no value that ${leastOfAValue} customers share: is it a number or a name of their own?`);
    }
    const alone = aloneAuc(declared, values, labels);
    if (alone >= suspiciousAuc && declared.known_before !== true) {
      return finding('suspicious', `predicts the outcome nearly alone (AUC ${alone.toFixed(3)}): is it only known afterwards?`);
    }
    const count = others.reduce((sum, [, each]) => sum + each, 0);
    return finding('used', count === 0 ? '' : `${count} customers have another type there, which does not count`);
  });
}

type Value = string | number | null;

function valuesOf(column: DataColumn): Value[] {
  const rows = column.type === 'category' ? column.codes.length : column.values.length;
  return Array.from({ length: rows }, (_, row) => valueAt(column, row));
}

function otherTypes(stored: StoredAttributes, name: string, { type }: FeatureDeclaration): [type: string, count: number][] {
  return [...(stored.get(name) ?? [])].filter(([each]) => each !== typeOf[type]);
}

function adviceFor(name: string, declared: FeatureDeclaration, features: Features, stored: StoredAttributes): string {
  if (sourceOf(declared) !== attribute) return '';
  const free = [...stored.keys()].filter((each) => !(each in features)).sort();
  return didYouMean(name, free) || `; they have ${listed(free)}`;
}

/**
 * How well one feature alone predicts the outcome: by the share of positive outcomes for each value, or for each twentieth of the numbers.
 * A missing value counts as a value too, because a feature that only churned customers have reveals the outcome.
 */
function aloneAuc({ type }: FeatureDeclaration, values: readonly Value[], labels: Float64Array): number {
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

function listed(free: readonly string[]): string {
  if (free.length === 0) return 'nothing that is not declared already';
  return `${free.slice(0, mostNamed).join(', ')}${free.length > mostNamed ? ' and others' : ''}`;
}
