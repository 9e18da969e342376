import type { Features } from './feature.js';
import { sourceOf } from './sources/table.js';

/** What a feature is, for a person who reads why a score is as it is: `payment failed in 90 days`. */
export function wordsOf(features: Features, name: string): string {
  const declared = Object.hasOwn(features, name) ? features[name] : undefined;
  return declared === undefined ? name.replaceAll('_', ' ') : sourceOf(declared).words(declared, name);
}
