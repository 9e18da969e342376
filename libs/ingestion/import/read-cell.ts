import { longest, oneLine, whyTooLong, whyUnfit } from '../../platform/bounds.js';
import { minorDigits } from '../../platform/currencies.js';
import { toMinor } from '../../platform/money.js';
import { cleanText } from '../../channels/address/clean-text.js';
import { toIsoDate, type DateFormat } from './date-format.js';
import type { Cell } from './mapping.js';
import { readDecimal, type NumberFormat } from './number-format.js';
import { quote, Unreadable } from './unreadable.js';

export { Unreadable };

/** What stands in a cell; null if it is empty. */
export type Value = string | number | boolean | null;

/** How the file writes what it holds; undefined if the mapping does not say. */
export interface FileFormats {
  readonly numbers?: NumberFormat | undefined;
  readonly dates?: DateFormat | undefined;
  readonly currency?: string | undefined;
}

/**
 * Reads one cell as its mapping says.
 * @throws Unreadable
 */
export function readCell(cell: Cell, raw: string, file: FileFormats): Value {
  const shown = readText(raw);
  const text = cell.type === 'text' ? shown : cleanText(shown);
  if (text === '') return cell.blank ?? null;
  if (cell.values !== undefined) return meaningOf(text, cell.values);
  return readers[cell.type](text, { ...file, numbers: cell.numbers ?? file.numbers, dates: cell.dates ?? file.dates });
}

/**
 * The text of a cell on one line, as it can be stored and shown. An apostrophe before what a spreadsheet would take for a formula
 * is not part of it: spreadsheets and our own exports put it there.
 * @throws Unreadable
 */
export function readText(raw: string): string {
  const text = oneLine(raw);
  const unfit = whyUnfit(text);
  if (unfit !== undefined) throw new Unreadable(unfit);
  if (text.includes('\ufffd')) throw new Unreadable('holds the character U+FFFD: a letter was lost when the file was made');
  return text.replace(/^'(?=[-=+@\uff1d\uff0b\uff0d\uff20])/u, '');
}

/**
 * What a word of the file means: as the mapping writes it, or else in any case where only one of its words is that.
 * @throws Unreadable if the mapping does not know the word
 */
export function meaningOf<Meaning>(text: string, values: Readonly<Record<string, Meaning>>): Meaning {
  const alike = Object.keys(values).filter((word) => word.toLowerCase() === text.toLowerCase());
  const word = alike.includes(text) ? text : alike.length === 1 ? alike[0] : undefined;
  const value = word === undefined ? undefined : values[word];
  if (value === undefined) throw new Unreadable(`is not one of ${Object.keys(values).map(quote).join(', ')}`, text);
  return value;
}

const readers: Readonly<Record<Cell['type'], (text: string, file: FileFormats) => Value>> = {
  text: bounded,
  keyword: (text) =>
    bounded(
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-|-$/g, ''),
    ),
  integer: (text, { numbers }) => {
    const decimal = readDecimal(text, numbers, 'a whole number');
    if (decimal.includes('.')) throw new Unreadable('is not a whole number', text);
    return finite(decimal, text);
  },
  number: (text, { numbers }) => finite(readDecimal(text, numbers, 'a number'), text),
  money: readMoney,
  boolean: (text) => {
    if (!/^(true|false)$/i.test(text)) throw new Unreadable('is neither true nor false', text);
    return text.toLowerCase() === 'true';
  },
  date: (text, { dates }) => {
    const date = toIsoDate(text, dates).slice(0, 10);
    const instant = new Date(`${date}T00:00:00Z`);
    if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== date)
      throw new Unreadable('is not a day of the calendar', text);
    return date;
  },
};

function bounded(text: string): string {
  const why = whyTooLong(text, longest.value);
  if (why !== undefined) throw new Unreadable(why);
  return text;
}

/** Whole numbers beyond 2^53 would lose digits on the way. */
function finite(decimal: string, text: string): number {
  const value = Number(decimal);
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Unreadable('is too large a number', text);
  return value;
}

/** The mapping has a currency wherever it has an amount. */
function readMoney(text: string, { numbers, currency = 'EUR' }: FileFormats): number {
  const { amount, named } = withoutCurrency(text, currency);
  if (!/\d/.test(amount)) throw new Unreadable('is not an amount', text);
  if (named !== undefined && named !== currency) throw new Unreadable(`is in ${named}, and the mapping says ${currency}`);
  const decimal = readDecimal(amount, numbers, 'an amount');
  const minor = toMinor(decimal, currency);
  if (minor !== undefined) return minor;
  const digits = minorDigits(currency);
  throw new Unreadable(
    (decimal.split('.')[1]?.length ?? 0) > digits
      ? `has more decimals than the ${digits} of ${currency}; if the point or comma separates thousands, say so with numbers: in the mapping`
      : 'is too large an amount',
    text,
  );
}

/** A code or sign of a currency may stand before or after the amount. */
function withoutCurrency(text: string, currency: string): { amount: string; named: string | undefined } {
  const [, before, amount = text, after] = /^([A-Z]{3}|\p{Sc})?[\s\u00a0]*(.*?)[\s\u00a0]*([A-Z]{3}|\p{Sc})?$/u.exec(text) ?? [];
  const mark = before ?? after;
  return { amount, named: mark === undefined || mark === signOf(currency) ? undefined : mark };
}

function signOf(currency: string): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(1);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}
