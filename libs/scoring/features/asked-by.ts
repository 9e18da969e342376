import { compileRule } from '../../segments/rule.js';
import type { Features } from './feature.js';
import type { FeatureSql } from './feature-source.js';
import { sourceOf } from './sources/table.js';
import { SqlWriter } from './sql-writer.js';

/**
 * What a score has to be computed again for, as domain events name it: fields of `customer.changed` (`customer.plan`, `events.payment.failed`), and
 * `responses` if answers or tasks are counted. Messages that are sent change features too, and are no reason to score anybody at once.
 * @param population the rule of who is scored
 */
export function askedBy(features: Features, population: string | undefined): readonly string[] {
  const writer = new SqlWriter(new Date(0));
  const read = Object.entries(features).flatMap(([name, declared]) => asksOf(sourceOf(declared).sql(declared, name, writer)));
  return [...new Set([...read, ...(population === undefined ? [] : compileRule(population).asks)])];
}

function asksOf({ from, field, kinds = [] }: FeatureSql): readonly string[] {
  switch (from) {
    case 'customer':
      return field === undefined ? [] : [field];
    case 'events':
      return kinds.map((kind) => `events.${kind}`);
    case 'tasks':
    case 'answers':
      return ['responses'];
    case 'messages':
      return [];
  }
}
