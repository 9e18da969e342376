import type { z } from 'zod';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { didYouMean } from '../segments/nearest.js';
import { compileRule } from '../segments/rule.js';
import { showPath, type Path, type YamlText } from './yaml-places.js';

/** Where something stands in a definition: its path in the YAML, and the path as a marketer reads it. */
export interface Place {
  readonly path: Path;
  readonly shown: string;
}

export const placeAt = (...path: (string | number)[]): Place => ({ path, shown: showPath(path) });
export const inside = (place: Place, path: Path): Place => ({
  path: [...place.path, ...path],
  shown: showPath(place.shown === '' ? path : [place.shown, ...path]),
});

/** Collects all that is wrong with one definition, so that its author sees everything at once. */
export class Faults {
  readonly found: ProblemPlace[] = [];

  constructor(private readonly yaml: YamlText) {}

  add(place: Place, what: string): void {
    this.found.push({ where: `${place.shown} (line ${String(this.yaml.lineOf(place.path))})`, what });
  }

  /** Checks a value against its schema; undefined where it is wrong. `known` are the keys that a slip is compared with. */
  check<Output>(schema: z.ZodType<Output>, value: unknown, place: Place, known: readonly string[] = []): Output | undefined {
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) this.addIssue(issue, place, known);
    return undefined;
  }

  /** Checks that a condition can be read. */
  checkRule(source: string, place: Place): void {
    try {
      compileRule(source);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const { where, what } of error.places) this.add(place, `${where} ${what}`);
    }
  }

  private addIssue(issue: z.core.$ZodIssue, place: Place, known: readonly string[]): void {
    const at = inside(
      place,
      issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    );
    if (issue.code === 'unrecognized_keys') {
      for (const name of issue.keys) this.add(inside(at, [name]), `is not known here${didYouMean(name, known)}`);
    } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const [likeliest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
      for (const inner of likeliest) this.addIssue(inner, at, known);
    } else if (issue.code === 'invalid_key') {
      for (const inner of issue.issues) this.add(at, inner.message);
    } else {
      this.add(at, whatOf(issue));
    }
  }
}

function whatOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `is none of ${values.join(', ')}${typeof issue.input === 'string' ? didYouMean(issue.input, values) : ''}`;
  }
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  return issue.message;
}

const article = (type: string): string => {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    object: 'a mapping',
    array: 'a list',
    record: 'a mapping',
  };
  return names[type] ?? `a ${type}`;
};
