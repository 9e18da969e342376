import type { z } from 'zod';
import { checkShape } from '../platform/check-shape.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { compileRule } from '../segments/rule.js';
import { showPath, type Path, type YamlText } from './yaml-places.js';

/** A place in a definition: its path in the YAML, and the path as a marketer reads it. */
export interface Place {
  readonly path: Path;
  readonly shown: string;
}

export const placeAt = (...path: (string | number)[]): Place => ({ path, shown: showPath(path) });
export const inside = (place: Place, path: Path): Place => ({
  path: [...place.path, ...path],
  shown: showPath(place.shown === '' ? path : [place.shown, ...path]),
});

/** The most errors that are reported for one definition; the author fixes these first. */
const mostReported = 100;
/** The most characters of the author's text that an error repeats. */
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Collects all errors of one definition, so that its author sees them at once. */
export class DefinitionErrors {
  private readonly reported: ProblemPlace[] = [];
  private count = 0;

  constructor(private readonly yaml: YamlText) {}

  get found(): readonly ProblemPlace[] {
    const more = this.count - this.reported.length;
    return more === 0 ? this.reported : [...this.reported, { where: 'the text', what: `has ${String(more)} more errors; fix these first` }];
  }

  /** Whether the number of reported errors is reached. Further errors are only counted. */
  get full(): boolean {
    return this.reported.length >= mostReported;
  }

  add(place: Place, what: string): void {
    this.count += 1;
    if (!this.full) this.reported.push({ where: this.where(place), what });
  }

  /** As in `goal (line 4, column 7)`. */
  where(place: Place): string {
    return `${shortened(place.shown) || 'the text'} (${this.yaml.placeOf(place.path)})`;
  }

  /**
   * Checks a value against its schema; undefined if it is wrong.
   * @param known the keys that an unknown key is compared with
   * @param example what to write if the value has a completely different shape
   */
  check<Output>(
    schema: z.ZodType<Output>,
    value: unknown,
    place: Place,
    known: readonly string[] = [],
    example?: string,
  ): Output | undefined {
    const { data, wrong } = checkShape(schema, value, { written: 'yaml', example, ...(known.length > 0 && { known }) });
    for (const { path, what } of wrong ?? []) {
      this.add(
        inside(
          place,
          path.map((part) => (typeof part === 'number' ? part : String(part))),
        ),
        what,
      );
    }
    return data;
  }

  /** Checks that a condition can be read. */
  checkRule(source: string, place: Place): void {
    try {
      compileRule(source);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const { where, what } of error.places) this.addInRule(source, place, where, what);
    }
  }

  /** @param where `line:column` in the condition, as compileRule gives it */
  private addInRule(source: string, place: Place, where: string, what: string): void {
    const [line = 1, column = 1] = where.split(':').map(Number);
    const before = source.split('\n').slice(0, line - 1);
    const inFile = this.yaml.placeOf(place.path, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
    this.count += 1;
    if (this.full) return;
    this.reported.push(
      inFile === undefined
        ? { where: this.where(place), what: `at ${where} of the condition: ${what}` }
        : { where: `${place.shown} (${inFile})`, what },
    );
  }
}
