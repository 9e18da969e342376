import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Cell, ImportMapping } from './mapping.js';

const attribute = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const count = z.int().nonnegative();

const importedCustomer = z.object({
  externalId: z.string().min(1).max(200),
  name: z.string().nullable(),
  locale: z
    .string()
    .nullable()
    .refine((tag) => tag === null || isLocale(tag), 'is not a language tag such as en or de-AT'),
  timeZone: z
    .string()
    .nullable()
    .refine((zone) => zone === null || IANAZone.isValidZone(zone), 'is not an IANA time zone'),
  plan: z.string().nullable(),
  /** Minor units a month. */
  monthlyCharge: count.max(1_000_000_000),
  /** Whole months. */
  tenure: count.max(1200),
  attributes: z.record(z.string(), attribute),
});

/** A row of a file as a customer; null where the file says nothing. */
export type ImportedCustomer = z.infer<typeof importedCustomer>;

type Value = string | number | boolean | null;

/** Something in a row that cannot be read. */
class Unreadable extends Error {}

/**
 * Turns one row into a customer.
 * @param record the row's cells by column
 * @param row the row's number, from 1, not counting the header
 * @returns the customer, or why there is none
 */
export function toCustomer(
  mapping: ImportMapping,
  record: Readonly<Record<string, string>>,
  row: number,
): ImportedCustomer | { reason: string } {
  const reasons: string[] = [];
  const read = (cell: Cell | undefined): Value => {
    if (cell === undefined) return null;
    try {
      return readCell(cell, record[cell.column] ?? '');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reasons.push(`${cell.column}: ${error.message}`);
      return null;
    }
  };
  const { customer } = mapping;
  const externalId = customer.external_id;
  const candidate = {
    externalId: 'row' in externalId ? externalId.row.replaceAll('{row}', String(row)) : read(externalId),
    name: read(customer.name),
    locale: read(customer.locale),
    timeZone: read(customer.time_zone),
    plan: read(customer.plan),
    monthlyCharge: read(customer.monthly_charge),
    tenure: read(customer.tenure),
    attributes: Object.fromEntries(Object.entries(mapping.attributes).map(([name, cell]) => [name, read(cell)])),
  };
  if (reasons.length > 0) return { reason: reasons.join('; ') };
  const parsed = importedCustomer.safeParse(candidate);
  return parsed.success ? parsed.data : { reason: parsed.error.issues.map((issue) => explain(mapping, candidate, issue)).join('; ') };
}

const columnOf: Readonly<Record<string, keyof ImportMapping['customer']>> = {
  externalId: 'external_id',
  name: 'name',
  locale: 'locale',
  timeZone: 'time_zone',
  plan: 'plan',
  monthlyCharge: 'monthly_charge',
  tenure: 'tenure',
};

/** A fault in the words of the file: its column, not our field. */
function explain(mapping: ImportMapping, candidate: Readonly<Record<string, unknown>>, issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0]);
  const field = columnOf[name];
  const cell = field === undefined ? undefined : mapping.customer[field];
  const where = cell !== undefined && 'column' in cell ? cell.column : issue.path.join('.');
  return `${where}: ${candidate[name] === null ? 'is blank' : issue.message}`;
}

function readCell(cell: Cell, raw: string): Value {
  const text = raw.trim();
  if (text === '') return cell.blank ?? null;
  if (cell.values === undefined) return readers[cell.type](text);
  const value = cell.values[text];
  if (value === undefined) throw new Unreadable(`${quote(text)} is none of ${Object.keys(cell.values).map(quote).join(', ')}`);
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

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
