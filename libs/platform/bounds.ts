import { z } from 'zod';

/**
 * How long texts from outside may be, so that everything that stores or shows them can hold them: an index of PostgreSQL (2,704 bytes), a
 * header of a mail, a text message, a cell of a spreadsheet. Characters.
 */
export const longest = {
  /** A company's own id for a customer or an event. */
  id: 200,
  /** A name, a plan, a title. */
  line: 200,
  /** The name of a source, a wording, a kind of event. */
  word: 100,
  /** The value of an attribute. */
  value: 2_000,
  /** A name within an export or an attribute's key. */
  key: 63,
} as const;

/** Marks and isolates of writing direction: they cannot be seen, and change how the text around them is shown. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const whiteSpace = /[\s\p{Z}\u0085]+/gu;
/** Control characters that are refused in every text: all except tabs and line breaks. */
const control = /(?![\t\n\r])\p{Cc}/u;

/**
 * Why a text is refused wherever it comes in: it contains half a character or a control character. Tabs and line breaks are allowed;
 * `oneLine` replaces them with blanks.
 * @returns the end of a sentence, undefined if the text is not refused
 */
export function whyUnfit(text: string): string | undefined {
  if (!text.isWellFormed()) return 'contains half a character (an unpaired surrogate)';
  const found = control.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `contains the control character ${codePoint(found)}`;
}

const codePoint = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

/** The text without the characters for which `whyUnfit` refuses it: for a mail, whose author cannot correct it. */
export function withoutUnfit(text: string): string {
  return text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}/gu, '');
}

/** Every text in plain data that is refused, by its place; a refused key by the place of its object. */
export function unfitIn(data: unknown): { readonly path: readonly (string | number)[]; readonly what: string }[] {
  const found: { readonly path: readonly (string | number)[]; readonly what: string }[] = [];
  const seen = new Set<object>();
  const todo: { readonly path: readonly (string | number)[]; readonly value: unknown }[] = [{ path: [], value: data }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { path, value } = next;
    const what = typeof value === 'string' ? whyUnfit(value) : undefined;
    if (what !== undefined) found.push({ path, what });
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const key = Object.keys(value)
      .map(whyUnfit)
      .find((why) => why !== undefined);
    if (key !== undefined) found.push({ path, what: `has a name that ${key}` });
    else if (Array.isArray(value))
      for (const [index, each] of value.entries()) todo.push({ path: [...path, index], value: each as unknown });
    else for (const [name, each] of Object.entries(value)) todo.push({ path: [...path, name], value: each as unknown });
  }
  return found;
}

/**
 * The text on one line, as it can be stored and shown: each run of white space becomes one blank, and marks of writing direction are
 * removed. Other refused characters stay, so that `whyUnfit` finds them.
 */
export function oneLine(raw: string): string {
  return raw.replace(whiteSpace, ' ').replace(direction, '').trim();
}

/** Why a text is too long, as the end of a sentence; undefined if it is not. */
export function whyTooLong(text: string, most: number): string | undefined {
  return text.length > most ? `is longer than ${most} characters` : undefined;
}

/** A text on one line that is not blank, as people write names and titles. */
export function lineOfText(most: number = longest.line): z.ZodType<string, string> {
  return z
    .string()
    .max(most * 4, `is longer than ${most} characters`)
    .transform((raw, context) => {
      const text = oneLine(raw);
      const error = whyUnfit(text) ?? (text === '' ? 'is blank' : whyTooLong(text, most));
      if (error === undefined) return text;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    });
}

/** A text that may have lines, as people write notes. */
export function linesOfText(most: number): z.ZodType<string, string> {
  return fitText(z.string().max(most));
}

/** The same schema, which also refuses what `whyUnfit` refuses. */
export function fitText(schema: z.ZodString): z.ZodString {
  return schema.refine((text) => whyUnfit(text) === undefined, { error: ({ input }) => whyUnfit(String(input)) ?? '' });
}

/** A name in snake_case that keys an attribute. Names that every JavaScript object has are refused. */
export const attributeName = z
  .string()
  .max(longest.key)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be in snake_case: small letters, digits and _, a letter first')
  .refine((name) => !(name in Object.prototype), 'cannot be used as a name');

/** A number that a double and JSON can hold as it is. */
export const plainNumber = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** The value of an attribute. */
export const attributeValue = z.union([fitText(z.string().max(longest.value)), plainNumber, z.boolean(), z.null()]);

/** The most months that somebody can have been a customer: a century. */
export const mostMonths = 1_200;

/** The most attributes that one customer can have. */
export const mostAttributes = 500;

/** The most characters of a text message that the provider accepts, on any channel: https://www.twilio.com/docs/api/errors/21617 */
export const longestText = 1_600;

/** As many characters as fit, cut between words if a word boundary is near, with an ellipsis. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
