import { z } from 'zod';
import { isStorable, notStorable } from './storable.js';

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

/** Invisible characters that change how the text around them is shown: controls, and marks and isolates of writing direction. */
const controls = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const whiteSpace = /[\s\p{Z}\u0085]+/gu;

/**
 * A text on one line, as it can be stored and shown: white space of any kind is one space, marks of writing direction are gone.
 * @returns undefined if it contains a control character or half a character
 */
export function oneLine(raw: string): string | undefined {
  const text = raw
    .replace(whiteSpace, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return isStorable(text) && !controls.test(text) ? text : undefined;
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
      const error =
        text === undefined ? 'holds a control character, or half a character' : text === '' ? 'is blank' : whyTooLong(text, most);
      if (text !== undefined && error === undefined) return text;
      context.addIssue({ code: 'custom', message: error ?? 'is no text' });
      return z.NEVER;
    });
}

/** A name in snake_case that keys an attribute. Names that every JavaScript object has are refused. */
export const attributeName = z
  .string()
  .max(longest.key)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be a name in snake_case')
  .refine((name) => !(name in Object.prototype), 'is a name that cannot be used');

/** A number that a double and JSON can hold as it is. */
export const plainNumber = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** The value of an attribute. */
export const attributeValue = z.union([z.string().max(longest.value).refine(isStorable, notStorable), plainNumber, z.boolean(), z.null()]);

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
