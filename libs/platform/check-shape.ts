import { z } from 'zod';
import { anyOf, issueWords, unknownKey, type Written } from './issue-words.js';
import type { ProblemPlace } from './problem.js';

/** One thing that is wrong with a value, and the place of it within the value. */
export interface WrongPlace {
  readonly path: readonly PropertyKey[];
  /** The end of a sentence whose subject is the place. */
  readonly what: string;
}

/** The result of checking a value: the output of its schema, or every wrong place. */
export type Checked<Output> =
  { readonly data: Output; readonly wrong?: undefined } | { readonly data?: undefined; readonly wrong: readonly WrongPlace[] };

export interface CheckOptions {
  /** How the value was written; JSON by default. */
  readonly written?: Written;
  /** The known fields of the whole, if they differ from those of its schema. */
  readonly known?: readonly string[];
  /** How the whole is written: shown if it has another type altogether. */
  readonly example?: string | undefined;
}

/**
 * Checks a value against its schema. The one place where errors of zod become words for a person: the api, commands, content,
 * campaigns, mappings and the environment all check their input with this function.
 */
export function checkShape<Output>(schema: z.ZodType<Output>, value: unknown, options: CheckOptions = {}): Checked<Output> {
  const { written = 'json' } = options;
  const parsed = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      Object.assign(issue, notesOf(issue));
      return issueWords(issue, written);
    },
  });
  if (parsed.success) return { data: parsed.data };
  return { wrong: parsed.error.issues.flatMap((issue) => placesIn(issue, [], options)) };
}

/** As places of a Problem. @param whole what the value itself is called */
export function placesOf(wrong: readonly WrongPlace[], whole: string): ProblemPlace[] {
  return wrong.map(({ path, what }) => ({ where: path.map(String).join('.') || whole, what }));
}

/** How many unknown fields of one object are compared with the known ones to suggest a name. */
const mostCompared = 100;

/** What is noted on an issue while zod makes it: afterwards its schema is no longer known. */
interface Notes {
  /** The message is from `issueWords`, and not from the schema. */
  readonly ours?: true;
  /** The known fields of an object that has unknown ones. */
  readonly known?: readonly string[];
}

function notesOf({ inst }: z.core.$ZodRawIssue): Notes {
  return { ours: true, ...(inst instanceof z.ZodObject && { known: Object.keys(inst.shape) }) };
}

function placesIn(issue: z.core.$ZodIssue & Notes, above: readonly PropertyKey[], options: CheckOptions): WrongPlace[] {
  const path = [...above, ...issue.path];
  const isWhole = path.length === 0;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = (isWhole ? options.known : undefined) ?? issue.known ?? [];
      return issue.keys.map((key, index) => ({ path: [...path, key], what: unknownKey(key, index < mostCompared ? known : []) }));
    }
    case 'invalid_union':
      return issue.errors.length === 0 || issue.ours !== true
        ? [{ path, what: issue.message }]
        : likeliest(issue.errors).flatMap((each) => ('code' in each ? placesIn(each, path, options) : [{ path, ...each }]));
    // The path ends in the name.
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, what: message.startsWith('must ') ? `its name ${message}` : message }));
    case 'invalid_element':
      return issue.issues.flatMap((each) => placesIn(each, [...path, ...keyOf(issue.key)], options));
    case 'invalid_type':
      if (isWhole && options.example !== undefined && issue.ours === true)
        return [{ path, what: `${isMissing(issue) ? 'is empty' : withoutHint(issue.message)}; write it as in ${options.example}` }];
  }
  return [{ path, what: issue.message }];
}

const keyOf = (key: unknown): PropertyKey[] => (typeof key === 'string' || typeof key === 'number' ? [key] : []);
const withoutHint = (sentence: string): string => sentence.replace(/; .*$/s, '');
const isMissing = (issue: z.core.$ZodIssue): boolean => issue.code !== 'custom' && issue.input === undefined;
const isOf = (issue: z.core.$ZodIssue, depth: number): boolean => issue.path.length === depth;

/** The message about a union: the issues of one of its forms, or a sentence about all of them. */
type Said = z.core.$ZodIssue | { readonly what: string };

/**
 * The form of a union that the value was most likely meant to have; if that is not clear, a sentence about all forms. Pure.
 */
function likeliest(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly Said[] {
  // A text that is too long was meant to be a text, whatever else could stand there.
  const sameType = forms.filter((issues) => !issues.some((issue) => isOf(issue, 0) && issue.code === 'invalid_type'));
  const left = sameType.length === 0 ? forms : sameType;
  if (left.every((issues) => issues.every((issue) => isOf(issue, 0) && !isNested(issue)))) {
    return left.length === 1 ? (left[0] ?? []) : [{ what: anyOf(left.flatMap((issues) => issues.map(({ message }) => message))) }];
  }
  const ranked = left.map((issues) => ({ issues, apart: apartOf(issues) })).sort((a, b) => a.apart - b.apart);
  const nearest = ranked.filter(({ apart }) => apart === ranked[0]?.apart).map(({ issues }) => issues);
  if (nearest.length > 1 && nearest.every((issues) => issues.every(isMissing))) {
    return [{ what: `needs ${nearest.map((issues) => issues.map(({ path }) => path.map(String).join('.')).join(' and ')).join(', or ')}` }];
  }
  return nearest.sort((a, b) => a.length - b.length)[0] ?? [];
}

const isNested = ({ code }: z.core.$ZodIssue): boolean => ['unrecognized_keys', 'invalid_union'].includes(code);

/** How far a value is from a form: a word that names another form counts most, then missing and unknown fields. */
function apartOf(issues: readonly z.core.$ZodIssue[]): number {
  const ofAnother = issues.filter(
    (issue) => isOf(issue, 1) && issue.code === 'invalid_value' && !isMissing(issue) && issue.values.length === 1,
  );
  const lacking = issues.filter((issue) => isOf(issue, 1) && isMissing(issue)).length;
  const foreign = issues.flatMap((issue) => (isOf(issue, 0) && issue.code === 'unrecognized_keys' ? issue.keys : [])).length;
  return ofAnother.length * 1_000 + lacking + foreign;
}
