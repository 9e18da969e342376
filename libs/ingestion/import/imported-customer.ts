import { z } from 'zod';
import { longest, mostMonths } from '../../platform/bounds.js';
import { checkShape, type WrongPlace } from '../../platform/check-shape.js';
import { isLocale, notALocale } from '../../platform/locales.js';
import { mostMinor } from '../../platform/money.js';
import { readZone } from '../../platform/time-zones.js';
import { cleanId } from '../../channels/address/clean-text.js';
import { channels } from '../../channels/table.js';
import type { Cell, ImportMapping } from './mapping.js';
import { readCell, readText, Unreadable, type Value } from './read-cell.js';
import { addressReader, readGranted, readInstant, type ImportedAddress, type ImportedConsent } from './read-contacts.js';

const attribute = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const count = (most: number): z.ZodInt => z.int().nonnegative('is below 0').max(most, `is above ${most}`);
const line = z.string().max(longest.line, `is longer than ${longest.line} characters`).nullable();

const importedCustomer = z.object({
  externalId: z.string().min(1).max(longest.id, `is longer than ${longest.id} characters`),
  name: line,
  locale: z
    .string()
    .nullable()
    .refine((tag) => tag === null || isLocale(tag), notALocale),
  timeZone: z
    .string()
    .transform((text, context) => {
      const read = readZone(text);
      if ('zone' in read) return read.zone;
      context.addIssue({ code: 'custom', message: read.whyNot });
      return z.NEVER;
    })
    .nullable(),
  plan: line,
  /** Minor units of `currency` per month. */
  monthlyCharge: count(mostMinor).nullable(),
  /** The currency of the charge; null without one. */
  currency: z.string().nullable(),
  /** Whole months. */
  tenure: count(mostMonths).nullable(),
  attributes: z.record(z.string(), attribute),
});

/** A row of a file as a customer; null for missing values. */
export type ImportedCustomer = z.infer<typeof importedCustomer> & {
  readonly addresses: readonly ImportedAddress[];
  readonly consents: readonly ImportedConsent[];
};

/** A skipped row. Its withdrawals still count, however wrong its other cells are. */
export interface RefusedRow {
  readonly reason: string;
  readonly withdrawn?: Withdrawn;
}

/** Whose consent a row withdraws: the customer with the id, or, if that cannot be read, everybody who has its addresses. */
export interface Withdrawn {
  readonly externalId: string | null;
  readonly addresses: readonly ImportedAddress[];
  readonly consents: readonly ImportedConsent[];
}

/**
 * Turns one row into a customer.
 * @param record the row's cells by column
 * @param row the row's number, from 1, not counting the header
 * @returns the customer, or why the row is not valid
 */
export function toCustomer(mapping: ImportMapping, record: Readonly<Record<string, string>>, row: number): ImportedCustomer | RefusedRow {
  const reasons: string[] = [];
  const attempt = <Result>(column: string, read: (raw: string) => Result): Result | null => {
    try {
      return read(record[column] ?? '');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reasons.push(`${column}: ${error.message}`);
      return null;
    }
  };
  const read = (cell: Cell | undefined): Value => (cell === undefined ? null : attempt(cell.column, (raw) => readCell(cell, raw, mapping)));
  const { customer } = mapping;
  const externalId = customer.external_id;
  const monthlyCharge = read(customer.monthly_charge);
  const candidate = {
    externalId:
      'row' in externalId
        ? externalId.row.replaceAll('{row}', String(row))
        : attempt(externalId.column, (raw) => idOf(readCell(externalId, raw, mapping))),
    name: read(customer.name),
    locale: read(customer.locale),
    timeZone: read(customer.time_zone),
    plan: read(customer.plan),
    monthlyCharge,
    currency: monthlyCharge === null ? null : (mapping.currency ?? null),
    tenure: read(customer.tenure),
    attributes: Object.fromEntries(Object.entries(mapping.attributes).map(([name, cell]) => [name, read(cell)])),
  };
  const addresses = channels.flatMap((channel): ImportedAddress[] => {
    const reader = addressReader(channel, mapping.contact_points);
    const address = reader && attempt(reader.column, (raw) => (readText(raw) === '' ? null : reader.read(readText(raw), record)));
    return address ? [{ channel, address }] : [];
  });
  const consents = channels.flatMap((channel): ImportedConsent[] => {
    const cell = mapping.consents?.[channel];
    if (cell === undefined) return [];
    const granted = attempt(cell.column, (raw) => readGranted(cell, raw)) ?? null;
    const { given_at: givenAt } = cell;
    const at = givenAt ? attempt(givenAt.column, (raw) => readInstant(raw, givenAt.time_zone, givenAt.dates ?? mapping.dates)) : null;
    return granted === null ? [] : [{ channel, granted, at }];
  });
  const { externalId: id } = candidate;
  const said = { externalId: typeof id === 'string' ? id : null, addresses, consents };
  if (reasons.length > 0) return refused([...new Set(reasons)].join('; '), said);
  const { data, wrong } = checkShape(importedCustomer, candidate);
  if (wrong !== undefined) return refused(wrong.map((each) => explain(mapping, candidate, each)).join('; '), said);
  return { ...data, addresses, consents };
}

/** @param said the readable part of the row */
export function refused(reason: string, said: Withdrawn): RefusedRow {
  const consents = said.consents.filter(({ granted }) => !granted);
  return consents.length === 0 ? { reason } : { reason, withdrawn: { ...said, consents } };
}

/** Only text is cleaned: a number is an unchanged id. @throws Unreadable */
function idOf(value: Value): Value {
  if (typeof value !== 'string') return value;
  const id = cleanId(value);
  if (/^\d([.,]\d+)?E\+\d{2,}$/i.test(id)) throw new Unreadable('is not an id: a spreadsheet has rounded its digits away');
  return id;
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

/** An error in terms of the file: its column, not our field. */
function explain(mapping: ImportMapping, candidate: Readonly<Record<string, unknown>>, { path, what }: WrongPlace): string {
  const name = String(path[0]);
  const field = columnOf[name];
  const cell = field === undefined ? undefined : mapping.customer[field];
  const where = cell !== undefined && 'column' in cell ? cell.column : path.map(String).join('.');
  return `${where}: ${candidate[name] === null ? 'is blank' : what}`;
}
