import type { z } from 'zod';
import type { ProblemPlace } from '../../platform/problem.js';
import { didYouMean } from '../../platform/nearest.js';

/** What other tools call our types. */
const otherNames: Readonly<Record<string, string>> = {
  int: 'integer',
  bool: 'boolean',
  string: 'text',
  str: 'text',
  float: 'number',
  double: 'number',
  decimal: 'number',
  currency: 'money',
  amount: 'money',
  datetime: 'date',
  timestamp: 'date',
  category: 'keyword',
  enum: 'keyword',
};

/**
 * What is wrong with a mapping, in words for its author.
 * @param knownIn the keys that may stand at a place, such as `customer`; the mapping itself is at the empty place
 */
export function mappingErrors(issues: readonly z.core.$ZodIssue[], knownIn: (place: string) => readonly string[]): ProblemPlace[] {
  return issues.flatMap((issue) => errorsOf(issue, [], knownIn));
}

function errorsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[], knownIn: (place: string) => readonly string[]): ProblemPlace[] {
  const path = [...above, ...issue.path];
  const where = path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownIn(where);
    return issue.keys.map((key) => ({
      where: [...path.map(String), key].join('.'),
      what: `is not known${didYouMean(key, known) || `; known are ${known.join(', ')}`}`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [likeliest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
    return likeliest.flatMap((inner) => errorsOf(inner, path, knownIn));
  }
  return [{ where, what: whatOf(issue) }];
}

function whatOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return issue.code === 'invalid_type' ? 'is missing' : issue.message;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) {
    const values = issue.values.map(String);
    const has = typeof issue.input === 'string' ? issue.input : '';
    const meant = otherNames[has.toLowerCase()];
    const asked = meant !== undefined && values.includes(meant) ? `; did you mean ${meant}?` : didYouMean(has, values);
    return `is not one of ${values.join(', ')}${asked}`;
  }
  return issue.message;
}
