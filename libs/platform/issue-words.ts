import { z } from 'zod';
import { didYouMean } from './nearest.js';

/** The format in which a value was written: a set of named fields is an object in JSON, and a mapping in YAML. */
export type Written = 'json' | 'yaml';

/** The message for a missing value. */
export const missing = 'is missing';

/** The most characters of an input that a sentence repeats. */
const mostRepeated = 60;

/**
 * One error of zod as the end of a sentence whose subject is the place: `must be a whole number`. A schema with its own
 * message for an error is not handled here.
 */
export function issueWords(issue: z.core.$ZodRawIssue, written: Written): string {
  if (issue.input === undefined && issue.code !== 'custom') return missing;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeName(issue, written)}${rewritten(issue)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}${didYouMean(textOf(issue.input), issue.values.map(String))}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return formatWords(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${String(issue.divisor)}`;
    case 'unrecognized_keys':
      return `has fields that are not known here: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return unionWords(issue);
    case 'invalid_key':
      return 'has a name that cannot be used';
    case 'invalid_element':
      return 'has an entry that is not valid';
    case 'custom':
      return 'is not valid';
  }
}

/** The message for an unknown key. @param known the keys that the object may have */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return `is not known here${meant || (known.length === 0 ? '' : `; known are ${known.join(', ')}`)}`;
}

/** Several sentences of one place as one: `must be a text, or must be a number` is `must be a text or a number`. */
export function anyOf(sentences: readonly string[]): string {
  // A hint belongs to one form, and it is not known which form was meant.
  const plain = [...new Set(sentences.map((each) => each.replace(/; .*$/s, '')))];
  const begin = 'must be ';
  if (!plain.every((each) => each.startsWith(begin))) return plain.join(', or ');
  return `${begin}${listed(plain.map((each) => each.slice(begin.length)))}`;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => (value === '' ? 'an empty text' : String(value)));
  return names.length === 1 ? names.join() : `one of ${names.join(', ')}`;
}

function unionWords(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const { input, discriminator, options } = issue as { input: unknown; discriminator?: string; options?: readonly unknown[] };
  if (options === undefined) return issue.inclusive === false ? 'fits several forms at once' : 'has none of the forms that it could have';
  const given: unknown =
    typeof input === 'object' && input !== null && discriminator !== undefined ? Reflect.get(input, discriminator) : undefined;
  return given === undefined
    ? `${missing}; ${oneOf(options)}`
    : `must be ${oneOf(options)}${didYouMean(textOf(given), options.map(String))}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  date: 'a date',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  null: 'null',
  file: 'a file',
  nan: 'no number',
};
const fields: Readonly<Record<Written, string>> = { json: 'a JSON object', yaml: 'a mapping' };

function typeName(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>, written: Written): string {
  const { expected } = issue;
  if (['object', 'record', 'map'].includes(expected)) return fields[written];
  if (['undefined', 'void', 'never'].includes(expected)) return 'left out';
  if (expected === 'number' && isWhole(issue.inst)) return 'a whole number';
  return names[expected] ?? `a ${expected}`;
}

/** Whether a number schema accepts whole numbers only: then the message for a text asks for a whole number, too. */
const isWhole = (inst: z.core.$ZodRawIssue['inst']): boolean =>
  inst instanceof z.ZodNumber && inst.format !== null && inst.format.includes('int');

/** A hint what to write instead, if the input shows what was meant. */
function rewritten({ expected, input, inst }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (typeof input !== 'string') return '';
  if (expected === 'array' && input !== '') return `; write [${shortened(input.split(/[\s,]+/).join(', '))}]`;
  if (expected !== 'number' || !/^\d*[.,]?\d+ ?%?$/.test(input) || mayBeThousands.test(input)) return '';
  const number = numberIn(input);
  return isWhole(inst) && !Number.isInteger(number) ? '' : `; write ${String(number)}`;
}

/** `1,000` and `1.000` are a thousand to some and one to others. */
const mayBeThousands = /^[1-9]\d{0,2}[.,]\d{3}(?!\d)/;

const shortened = (text: string): string => (text.length > mostRepeated ? `${text.slice(0, mostRepeated)}…` : text);

/** `0,6` is 0.6, and `60%` too. */
function numberIn(text: string): number {
  const number = Number(text.replace(',', '.').replace(/ ?%$/, ''));
  return text.endsWith('%') ? number / 100 : number;
}

const units: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
  object: ['field', 'fields'],
  record: ['field', 'fields'],
  file: ['byte', 'bytes'],
};

function tooSmall({ origin, minimum, inclusive, exact }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  const unit = units[origin];
  if (unit !== undefined) {
    if (exact === true) return `must have exactly ${count(minimum, unit)}`;
    return Number(minimum) === 1 ? 'must not be empty' : `must have at least ${count(minimum, unit)}`;
  }
  if (origin === 'date') return `must ${inclusive === false ? 'be after' : 'not be before'} ${instantOf(minimum)}`;
  return `must be ${inclusive === false ? 'above' : 'at least'} ${String(minimum)}`;
}

function tooBig({ origin, maximum, inclusive, exact }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  const unit = units[origin];
  if (unit !== undefined) return `must have ${exact === true ? 'exactly' : 'at most'} ${count(maximum, unit)}`;
  if (origin === 'date') return `must ${inclusive === false ? 'be before' : 'not be after'} ${instantOf(maximum)}`;
  return `must be ${inclusive === false ? 'below' : 'at most'} ${String(maximum)}`;
}

const count = (number: number | bigint, [one, more]: readonly [string, string]): string =>
  `${String(number)} ${Number(number) === 1 ? one : more}`;
const instantOf = (at: number | bigint): string => new Date(Number(at)).toISOString();

/** How a text of a format is written, with an example where the name alone may not be known. */
const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address, as in ada@example.com',
  url: 'a web address, as in https://example.com',
  emoji: 'an emoji',
  uuid: 'a UUID, as in 01995a3e-7c00-7000-8000-000000000001',
  uuidv4: 'a UUID of version 4',
  uuidv6: 'a UUID of version 6',
  uuidv7: 'a UUID of version 7',
  guid: 'a UUID, as in 01995a3e-7c00-7000-8000-000000000001',
  datetime: 'an instant in ISO 8601, as in 2026-03-02T12:00:00Z',
  date: 'a day in ISO 8601, as in 2026-03-02',
  time: 'a time of day, as in 12:30:00',
  duration: 'a duration in ISO 8601, as in P3D',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  mac: 'a MAC address',
  cidrv4: 'a range of IPv4 addresses, as in 192.0.2.0/24',
  cidrv6: 'a range of IPv6 addresses, as in 2001:db8::/32',
  base64: 'Base64',
  base64url: 'Base64 for addresses (base64url)',
  json_string: 'JSON',
  e164: 'a phone number, as in +4930123456',
  jwt: 'a JSON Web Token',
  lowercase: 'in small letters',
  uppercase: 'in capital letters',
  currency_code: 'a currency of ISO 4217, as in EUR',
  credit_card: 'the number of a payment card',
  iban: 'an IBAN',
};

function formatWords(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  const { format, pattern, prefix, suffix, includes } = issue as { format: string } & Readonly<Record<string, unknown>>;
  if (typeof prefix === 'string') return `must begin with ${prefix}`;
  if (typeof suffix === 'string') return `must end with ${suffix}`;
  if (typeof includes === 'string') return `must contain ${includes}`;
  const known = formats[format];
  if (known !== undefined) return `must be ${known}`;
  return format === 'regex' || format === 'template_literal' ? `must match ${String(pattern)}` : `must be a valid ${format}`;
}
