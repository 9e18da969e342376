import { z } from 'zod';
import { Unreadable } from './unreadable.js';

/** The orders in which a file may write day, month and year; ISO 8601 can always be read. */
const orders = ['DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD-MM-YYYY', 'MM-DD-YYYY', 'YYYY/MM/DD', 'YYYY.MM.DD', 'YYYY-MM-DD'] as const;

/** How a file writes dates: `DD.MM.YYYY`. */
export const dateFormat = z.enum(orders, { error: () => `must be one of ${orders.join(', ')}` });
export type DateFormat = z.infer<typeof dateFormat>;

/**
 * A date in ISO 8601, with an unchanged time of day: `12.01.2025 14:30` becomes `2025-01-12T14:30`. ISO 8601 is not changed.
 * @param what the noun for the error
 * @throws Unreadable if it does not match the format
 */
export function toIsoDate(text: string, format: DateFormat | undefined, what = 'a date such as 2026-01-31'): string {
  if (/^\d{4}-\d\d-\d\d(?!\d)/.test(text)) return text.replace(' ', 'T');
  const [, date = '', time] = /^([\d./-]+)(?:[ T](.*))?$/.exec(text) ?? [];
  const read = format === undefined ? undefined : inOrder(date, format);
  if (read === undefined)
    throw new Unreadable(`is not ${format === undefined ? what : `a date written ${format}`}${adviceFor(date, format)}`);
  return time === undefined ? read : `${read}T${time}`;
}

function inOrder(date: string, format: DateFormat): string | undefined {
  const separator = /[./-]/.exec(format)?.[0] ?? '-';
  const order = format.split(separator);
  const parts = date.split(separator);
  if (parts.length !== order.length) return undefined;
  const part = (name: string): string => parts[order.indexOf(name)] ?? '';
  if (!/^\d{4}$/.test(part('YYYY')) || !/^\d\d?$/.test(part('MM')) || !/^\d\d?$/.test(part('DD'))) return undefined;
  return `${part('YYYY')}-${part('MM').padStart(2, '0')}-${part('DD').padStart(2, '0')}`;
}

/** The formats that such a date could be in: `01/02/2025` could be in two, and a person must say which. */
export function formatsOf(date: string): DateFormat[] {
  return orders.filter((format) => {
    const [, month, day] = inOrder(date, format)?.split('-') ?? [];
    return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  });
}

function adviceFor(date: string, format: DateFormat | undefined): string {
  const possible = formatsOf(date);
  if (format !== undefined || possible.length === 0) return '';
  return `; if the file writes dates so, write dates: ${possible.join(' or dates: ')} in the mapping`;
}
