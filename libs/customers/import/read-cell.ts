import { cleanText } from '../address/clean-text.js';
import type { Cell } from './mapping.js';

/** What stands in a cell; null where it is empty. */
export type Value = string | number | boolean | null;

/** Something in a row that cannot be read. */
export class Unreadable extends Error {}

/**
 * Reads one cell as its mapping says.
 * @throws Unreadable
 */
export function readCell(cell: Cell, raw: string): Value {
  const text = cell.type === 'text' ? raw.trim() : cleanText(raw);
  if (text === '') return cell.blank ?? null;
  // PostgreSQL stores none, and would refuse the whole batch.
  if (raw.includes('\0')) throw new Unreadable('holds the character U+0000');
  return cell.values === undefined ? readers[cell.type](text) : meaningOf(text, cell.values);
}

/**
 * What a word of the file means.
 * @throws Unreadable where the mapping does not know the word
 */
export function meaningOf<Meaning>(text: string, values: Readonly<Record<string, Meaning>>): Meaning {
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  if (value === undefined) throw new Unreadable(`${quote(text)} is none of ${Object.keys(values).map(quote).join(', ')}`);
  return value;
}

const decimal = /^[-+]?\d+(\.\d+)?$/;

const readers: Readonly<Record<Cell['type'], (text: string) => Value>> = {
  text: (text) => text,
  keyword: (text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, ''),
  integer: (text) => readNumber(text, /^[-+]?\d+$/, 'a whole number'),
  number: (text) => readNumber(text, decimal, 'a number'),
  money: (text) => Math.round(readNumber(text, decimal, 'an amount') * 100),
  boolean: (text) => {
    if (!/^(true|false)$/i.test(text)) throw new Unreadable(`${quote(text)} is neither true nor false`);
    return text.toLowerCase() === 'true';
  },
};

function readNumber(text: string, pattern: RegExp, what: string): number {
  const value = Number(text);
  if (!pattern.test(text) || !Number.isFinite(value)) throw new Unreadable(`${quote(text)} is not ${what}`);
  return value;
}

/** Words of the file in a message, but never a long one: it is shown to people. */
function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
}
