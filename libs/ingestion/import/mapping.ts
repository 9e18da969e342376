import { readFile } from 'node:fs/promises';
import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { regionZone } from '../../platform/time-zones.js';
import { Problem } from '../../platform/problem.js';
import { readYaml } from '../../platform/yaml.js';
import { attributeName } from '../../platform/bounds.js';
import { isCurrency, notACurrency } from '../../platform/currencies.js';
import { isLocale, notALocale } from '../../platform/locales.js';
import { didYouMean } from '../../platform/nearest.js';
import { channels, type Channel } from '../../channels/table.js';
import { dateFormat } from './date-format.js';
import { isEncoding } from './file-encoding.js';
import { asColumn, rejectReason } from './layout.js';
import { mappingFaults } from './mapping-faults.js';
import { numberFormat } from './number-format.js';

/** Compared with the header as names, not as bytes: see layout.ts. */
const column = z.string().min(1).transform(asColumn);
const word = z.union([z.string(), z.number(), z.boolean()]);

/** How one cell is read; `values` names every word the file may use and what it means. */
const cell = z.strictObject({
  column,
  type: z.enum(['text', 'keyword', 'integer', 'number', 'money', 'boolean', 'date']).default('text'),
  values: z.record(z.string(), word).optional(),
  blank: word.optional(),
  /** Where this column is written otherwise than the rest of the file. */
  numbers: numberFormat.optional(),
  dates: dateFormat.optional(),
});
export type Cell = z.infer<typeof cell>;

const numbered = z.strictObject({ row: z.string().includes('{row}') });

const meaning = z.enum(['granted', 'withdrawn']);

/** What the words of a column say about consent; `given_at` is where the file says when. */
const consentCell = z.strictObject({
  column,
  values: z.record(z.string(), meaning).refine((values) => Object.keys(values).length > 0, 'names no word of the file'),
  blank: meaning.optional(),
  given_at: z
    .strictObject({
      column,
      /** For instants that are written without an offset. */
      time_zone: z
        .string()
        .refine((zone) => zone === 'UTC' || regionZone(zone) !== undefined, 'is neither UTC nor the region and city of an IANA time zone')
        .default('UTC'),
      dates: dateFormat.optional(),
    })
    .optional(),
});
export type ConsentCell = z.infer<typeof consentCell>;

const emailCell = z.strictObject({ column });
const phoneCell = z.strictObject({
  column,
  /** Where a number is from that is written without its country. */
  default_country: z.string().refine(isSupportedCountry, 'is not an ISO 3166 country code such as GB').optional(),
});
export type PointCell = z.infer<typeof emailCell> & Partial<z.infer<typeof phoneCell>>;

const contactPoints = z.strictObject({
  email: emailCell.optional(),
  phone: phoneCell.optional(),
  whatsapp: phoneCell.optional(),
});
export type ContactPoints = z.infer<typeof contactPoints>;

/** Under which name of `contact_points` the address of each channel stands. */
export const pointFields: Readonly<Record<Channel, keyof ContactPoints>> = { email: 'email', sms: 'phone', whatsapp: 'whatsapp' };

const consentCells = {
  email: consentCell.optional(),
  sms: consentCell.optional(),
  whatsapp: consentCell.optional(),
} satisfies Record<Channel, z.ZodType>;
const consents = z.strictObject({ wording_version: z.string().min(1), ...consentCells });

const shape = z.strictObject({
  import: z.string().min(1),
  currency: z.string().refine(isCurrency, notACurrency).optional(),
  locale: z.string().refine(isLocale, notALocale).optional(),
  encoding: z.string().refine(isEncoding, 'is not an encoding such as utf-8, utf-16le, windows-1252, iso-8859-2 or macintosh').optional(),
  delimiter: z.union([z.literal('tab').transform(() => '\t'), z.string().length(1, 'is one character, or the word tab')]).optional(),
  numbers: numberFormat.optional(),
  dates: dateFormat.optional(),
  customer: z.strictObject({
    external_id: z.union([cell, numbered]),
    name: cell.optional(),
    locale: cell.optional(),
    time_zone: cell.optional(),
    plan: cell.optional(),
    monthly_charge: cell.refine(({ type }) => type === 'money', 'is an amount: give it type: money').optional(),
    tenure: cell.refine(({ type }) => type === 'integer', 'is a whole number of months: give it type: integer').optional(),
  }),
  attributes: z.record(attributeName, cell).default({}),
  contact_points: contactPoints.default({}),
  consents: consents.optional(),
  ignore: z.array(column).default([]),
});

/**
 * Consent is given for an address: a file that has the one without the other could not say which. How many decimals an amount
 * has depends on its currency.
 */
const mapping = shape.check(({ value, issues }) => {
  const { consents: given, contact_points: points, customer, attributes, currency } = value;
  const amounts = [...Object.values(customer), ...Object.values(attributes)].some(
    (each: object | undefined) => each !== undefined && 'type' in each && each.type === 'money',
  );
  if (amounts && currency === undefined) {
    issues.push({ code: 'custom', path: ['currency'], message: 'is missing: an amount needs one, as in EUR', input: value });
  }
  for (const channel of channels) {
    if (given?.[channel] === undefined || points[pointFields[channel]] !== undefined) continue;
    const message = `needs contact_points.${pointFields[channel]}: consent is given for an address`;
    issues.push({ code: 'custom', path: ['consents', channel], message, input: given });
  }
});

/** The keys that each place may have; all others are cells. */
const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '': shape.shape,
  customer: shape.shape.customer.shape,
  contact_points: contactPoints.shape,
  consents: consents.shape,
};
const cellKeys = { ...cell.shape, ...numbered.shape, ...consentCell.shape, ...phoneCell.shape, time_zone: true };

/** Which column of a file becomes what of a customer: a file of config/imports. */
export type ImportMapping = z.infer<typeof mapping>;

/**
 * Reads a mapping.
 * @throws Problem('invalid') naming every place that is wrong
 */
export function parseMapping(yaml: string): ImportMapping {
  const parsed = mapping.safeParse(readYaml(yaml, 'The import mapping'), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new Problem(
    'invalid',
    'The import mapping is not valid',
    mappingFaults(parsed.error.issues, (place) => Object.keys(sections[place] ?? cellKeys)),
    'docs/importing.md explains every line of a mapping',
  );
}

/** The mapping in a file. @throws Problem('not-found' or 'invalid') */
export async function loadMapping(path: string): Promise<ImportMapping> {
  const yaml = await readFile(path, 'utf8').catch(() => {
    throw new Problem('not-found', `There is no import mapping ${path}`);
  });
  return parseMapping(yaml);
}

/** Every column that the mapping reads. */
export function columnsOf({ customer, attributes, contact_points: points, consents: given }: ImportMapping): Set<string> {
  const consentCells = channels.map((channel) => given?.[channel]);
  const cells = [
    ...Object.values(customer),
    ...Object.values(attributes),
    ...Object.values(points),
    ...consentCells,
    ...consentCells.map((cell) => cell?.given_at),
  ];
  return new Set(cells.flatMap((each) => (each !== undefined && 'column' in each ? [each.column] : [])));
}

/** Whether a file brings addresses. */
export function bringsAddresses({ contact_points: points }: ImportMapping): boolean {
  return Object.keys(points).length > 0;
}

/**
 * Holds a file's header against the mapping.
 * @throws Problem('invalid') naming each column that is missing, unknown or there twice
 */
export function checkHeader(mapping: ImportMapping, header: readonly string[]): void {
  const wanted = columnsOf(mapping);
  const known = new Set([...wanted, ...mapping.ignore, rejectReason]);
  const ignored = new Set(mapping.ignore.filter((column) => !wanted.has(column)));
  const missing = [...wanted].filter((column) => !header.includes(column));
  const unknown = header.filter((column) => !known.has(column));
  const twice = new Set(header.filter((column, index) => header.indexOf(column) !== index && !ignored.has(column)));
  const like = (column: string): string => {
    const found = unknown.find((each) => each.toLowerCase() === column.toLowerCase());
    return found === undefined ? didYouMean(column, unknown) : `; the file has "${found}"`;
  };
  const places = [
    ...missing.map((column) => ({ where: column, what: `is missing${like(column)}` })),
    ...unknown.map((column) =>
      column === ''
        ? { where: `column ${header.indexOf('') + 1}`, what: 'has no name' }
        : { where: column, what: 'is not a column of this import' },
    ),
    ...[...twice].filter((column) => column !== '').map((column) => ({ where: column, what: 'is there twice' })),
  ];
  if (places.length === 0) return;
  throw new Problem(
    'invalid',
    `The header does not fit the import "${mapping.import}"`,
    places,
    'Nothing was imported. Correct the header, or list columns that are not wanted under `ignore` in the mapping',
  );
}
