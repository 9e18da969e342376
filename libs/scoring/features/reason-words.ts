import type { Field } from '../../segments/fields.js';
import type { Features } from './feature.js';
import { attribute } from './sources/attribute.js';
import { sourceOf } from './sources/table.js';

/** What a feature is, for a person who reads why a score is as it is: `payment failed in 90 days`. */
export function wordsOf(features: Features, name: string): string {
  const declared = Object.hasOwn(features, name) ? features[name] : undefined;
  return declared === undefined ? name.replaceAll('_', ' ') : sourceOf(declared).words(declared, name);
}

/** What each feature is: an attribute as it is described where it is declared, another as its own declaration reads. */
export function titlesOf(features: Features, fields: readonly Field[]): Readonly<Record<string, string>> {
  const described = new Map(fields.flatMap(({ of, name, description }) => (of === 'customer' ? [[name, description]] : [])));
  return Object.fromEntries(
    Object.entries(features).map(([name, declared]) => [
      name,
      (sourceOf(declared) === attribute ? described.get(name) : undefined) ?? wordsOf(features, name),
    ]),
  );
}
