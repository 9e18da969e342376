import { z } from 'zod';
import { Unreadable } from './unreadable.js';

/** How a file writes numbers. */
export interface NumberFormat {
  readonly decimal: string;
  /** Between groups of three digits; undefined if there are none. */
  readonly thousands: string | undefined;
}

const example = /^1(\D?)234(\D)(?:5|50|56)$/u;
const spaces = /[\s\u00a0\u2007\u2009\u202f]/gu;

/** An example number, which shows how all are written: `1.234,56`, `1'234.50`, `1234,56`. */
export const numberFormat = z
  .string()
  .transform((text, context): NumberFormat => {
    const [, thousands = '', decimal = ''] = example.exec(plain(text)) ?? [];
    if (/^[.,]$/.test(decimal) && thousands !== decimal && /^[.,' ]?$/.test(thousands)) {
      return { decimal, thousands: thousands === '' ? undefined : thousands };
    }
    const [meant] = formatsOfNumber(text).filter((format) => !/^\d+$/.test(text) && format !== text);
    context.addIssue({
      code: 'custom',
      message: `is the number 1234.56 as the file writes it, as in '1.234,56' or '1234,56'${meant === undefined ? '' : `; did you mean ${inMapping(meant)}?`}`,
    });
    return z.NEVER;
  })
  .describe("The number 1234.56 as the file writes it, as in '1.234,56'");

/**
 * A number as plain decimal digits: `-1234.56`.
 * @param format undefined if the mapping has none: then a point is a decimal point, and an ambiguous number is refused
 * @param what the noun for the error: `an amount`
 * @throws Unreadable
 */
export function readDecimal(raw: string, format: NumberFormat | undefined, what: string): string {
  const text = plain(raw);
  if (format === undefined && /^[-+]?[1-9]\d{0,2}\.\d{3}$/.test(text)) {
    throw new Unreadable(
      `could be thousands or decimals: write numbers: '1.234,56' in the mapping where the point separates thousands, or numbers: '1234.56'`,
      raw,
    );
  }
  const { decimal, thousands } = format ?? { decimal: '.', thousands: undefined };
  const [whole = '', fraction, ...more] = text.replace(/^[-+]/, '').split(decimal);
  const digits = thousands === undefined ? whole : ungrouped(whole, thousands);
  if (more.length > 0 || !/^\d+$/.test(digits) || (fraction !== undefined && !/^\d+$/.test(fraction))) {
    throw new Unreadable(`is not ${what}${adviceFor(text, format)}`, raw);
  }
  return `${text.startsWith('-') ? '-' : ''}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** One kind of space, one kind of apostrophe, one kind of minus. */
function plain(text: string): string {
  return text
    .trim()
    .replace(spaces, ' ')
    .replace(/[’‘]/gu, "'")
    .replace(/^\u2212/u, '-');
}

function ungrouped(whole: string, thousands: string): string {
  const groups = whole.split(thousands);
  const right = groups.length === 1 || (/^\d{1,3}$/.test(groups[0] ?? '') && groups.slice(1).every((group) => /^\d{3}$/.test(group)));
  return right ? groups.join('') : '';
}

/** The examples of proposed formats, the simpler first. */
const examples = ['1234.56', '1234,56', '1.234,56', '1,234.56', '1 234,56', "1'234.56"] as const;

/**
 * The formats in which all of these are numbers. If several read them alike, only the simplest, so that two results mean that a person must
 * decide.
 */
export function formatsOfNumbers(texts: readonly string[]): string[] {
  const byReading = new Map<string, string>();
  for (const each of examples) {
    const reading = readAll(texts, numberFormat.parse(each));
    if (reading !== undefined && !byReading.has(reading)) byReading.set(reading, each);
  }
  return [...byReading.values()];
}

/** The texts that are numbers in the format that reads most of them. */
export function numbersIn(texts: readonly string[]): ReadonlySet<string> {
  if (formatsOfNumbers(texts).length > 0) return new Set(texts);
  const distinct = [...new Set(texts)];
  const count = (read: ReadonlySet<string>): number => texts.filter((text) => read.has(text)).length;
  return examples
    .map((each) => new Set(distinct.filter((text) => readAll([text], numberFormat.parse(each)) !== undefined)))
    .reduce((best, read) => (count(read) > count(best) ? read : best));
}

function readAll(texts: readonly string[], format: NumberFormat): string | undefined {
  try {
    return texts.map((text) => readDecimal(text, format, 'a number')).join();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** The formats that fit such a number. */
function formatsOfNumber(text: string): string[] {
  const bare = plain(text).replace(/^[-+]/, '');
  return suggestions.filter(({ pattern }) => pattern.test(bare)).map((each) => each.example);
}

function adviceFor(text: string, format: NumberFormat | undefined): string {
  const asked = formatsOfNumber(text).map(inMapping);
  if (asked.length === 0) return '';
  if (format !== undefined) return `; it is written as numbers: ${asked.join(' or numbers: ')} has it, and the mapping says otherwise`;
  return `; if the file writes numbers so, write numbers: ${asked.join(' or numbers: ')} in the mapping`;
}

function inMapping(format: string): string {
  return format.includes("'") ? `"${format}"` : `'${format}'`;
}

const suggestions = [
  { pattern: /^\d+(\.\d+)?$/, example: '1234.56' },
  { pattern: /^\d+,\d+$/, example: '1234,56' },
  { pattern: /^\d{1,3}(\.\d{3})+(,\d+)?$/, example: '1.234,56' },
  { pattern: /^\d{1,3}(,\d{3})+(\.\d+)?$/, example: '1,234.56' },
  { pattern: /^\d{1,3}( \d{3})+(,\d+)?$/, example: '1 234,56' },
  { pattern: /^\d{1,3}('\d{3})+(\.\d+)?$/, example: "1'234.56" },
];
