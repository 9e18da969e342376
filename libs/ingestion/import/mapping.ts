import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { regionZone } from '../../platform/time-zones.js';
import { Problem } from '../../platform/problem.js';
import { checkShape, placesOf } from '../../platform/check-shape.js';
import { readWrittenFile } from '../../platform/written-file.js';
import { readYaml } from '../../platform/yaml.js';
import { attributeName } from '../../platform/bounds.js';
import { isCurrency, notACurrency } from '../../platform/currencies.js';
import { isLocale, notALocale } from '../../platform/locales.js';
import { didYouMean } from '../../platform/nearest.js';
import type { AddressKind } from '../../channels/channel-kind.js';
import { channelKinds, channels, type Channel } from '../../channels/table.js';
import { dateFormat } from './date-format.js';
import { isEncoding } from './file-encoding.js';
import { asColumn, rejectReason } from './layout.js';
import { numberFormat } from './number-format.js';

/** Compared with the header as names, not as bytes: see layout.ts. */
const column = z.string().min(1).transform(asColumn);
const word = z.union([z.string(), z.number(), z.boolean()]);

const cellTypes = ['text', 'keyword', 'integer', 'number', 'money', 'boolean', 'date'] as const;
/** Other tools' names of our types. */
const otherNames: Readonly<Record<string, (typeof cellTypes)[number]>> = {
  int: 'integer',
  bool: 'boolean',
  string: 'text',
  str: 'text',
  float: 'number',
  double: 'number',
  decimal: 'number',
  currency: 'money',
  amount: 'money',
  datetime: 'date',
  timestamp: 'date',
  category: 'keyword',
  enum: 'keyword',
};
const cellType = z.enum(cellTypes, {
  error: ({ input }) => {
    const given = String(input).toLowerCase();
    const meant = Object.hasOwn(otherNames, given) ? `; did you mean ${String(otherNames[given])}?` : didYouMean(given, cellTypes);
    return `must be one of ${cellTypes.join(', ')}${meant}`;
  },
});

/** How one cell is read; `values` maps every word of the file to its meaning. */
const cell = z.strictObject({
  column,
  type: cellType.default('text'),
  values: z.record(z.string(), word).optional(),
  blank: word.optional(),
  /** If this column is written in another way than the rest of the file. */
  numbers: numberFormat.optional(),
  dates: dateFormat.optional(),
});
export type Cell = z.infer<typeof cell>;

const numbered = z.strictObject({ row: z.string().includes('{row}') });

const meaning = z.enum(['granted', 'withdrawn']);

/** The meaning of a column's words for consent; `given_at` is the column with the instant. */
const consentCell = z.strictObject({
  column,
  values: z.record(z.string(), meaning).refine((values) => Object.keys(values).length > 0, 'names no value of the file'),
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
const country = z.string().refine(isSupportedCountry, 'is not an ISO 3166 country code such as GB');
const phoneCell = z.strictObject({
  column,
  /** The column with the country of a number that is written without one; `values` is for a file that writes no ISO 3166 codes. */
  country: z.strictObject({ column, values: z.record(z.string(), country).optional() }).optional(),
  /** The country of such a number if there is no such column, or its cell is empty. */
  default_country: country.optional(),
});
export type PointCell = z.infer<typeof emailCell> & Partial<z.infer<typeof phoneCell>>;
const pointCells: Readonly<Record<AddressKind, z.ZodType<PointCell>>> = { email: emailCell, phone: phoneCell };

/** The columns of addresses, by the channel's name for them. */
export type ContactPoints = Readonly<Record<string, PointCell | undefined>>;
type Consents = { readonly wording_version: string } & Readonly<Partial<Record<Channel, ConsentCell>>>;

/** The name in `contact_points` for the address of a channel. */
export const pointField = (channel: Channel): string => channelKinds.get(channel).imports.field;

/** The lines of a mapping that are not about channels. */
const lines = {
  import: z.string().min(1),
  currency: z.string().refine(isCurrency, notACurrency).optional(),
  locale: z.string().refine(isLocale, notALocale).optional(),
  encoding: z.string().refine(isEncoding, 'is not an encoding such as utf-8, utf-16le, windows-1252, iso-8859-2 or macintosh').optional(),
  delimiter: z.union([z.literal('tab').transform(() => '\t'), z.string().length(1)], 'must be one character, or the word tab').optional(),
  numbers: numberFormat.optional(),
  dates: dateFormat.optional(),
  customer: z.strictObject({
    external_id: z.union([cell, numbered]),
    name: cell.optional(),
    locale: cell.optional(),
    time_zone: cell.optional(),
    plan: cell.optional(),
    monthly_charge: cell.refine(({ type }) => type === 'money', 'must be an amount: give it type: money').optional(),
    tenure: cell.refine(({ type }) => type === 'integer', 'must be a whole number of months: give it type: integer').optional(),
  }),
  attributes: z.record(attributeName, cell).default({}),
};

/** All lines, with those of each channel: made when a mapping is read, because an installation may have its own channels. */
function mappingSchema() {
  const points = channelKinds.entries.map(([, { address, imports }]) => [imports.field, pointCells[address].optional()] as const);
  const consents = channels.map((channel) => [channel, consentCell.optional()] as const);
  const contactPoints = z.strictObject(Object.fromEntries(points));
  const given = z.strictObject({ wording_version: z.string().min(1), ...Object.fromEntries(consents) });
  const shape = z.strictObject({
    ...lines,
    contact_points: (contactPoints as z.ZodType<ContactPoints>).default({}),
    consents: (given as z.ZodType<Consents>).optional(),
    ignore: z.array(column).default([]),
  });
  return shape.check(({ value, issues }) => void issues.push(...missingLines(value)));
}

/**
 * Consent is given for an address, so a file with consents must have the addresses. The number of decimals of an amount depends on its
 * currency.
 */
function missingLines(
  value: z.infer<z.ZodObject<typeof lines>> & { readonly contact_points: ContactPoints; readonly consents?: Consents | undefined },
) {
  const { consents: given, contact_points: points, customer, attributes, currency } = value;
  const amounts = [...Object.values(customer), ...Object.values(attributes)].some(
    (each: object | undefined) => each !== undefined && 'type' in each && each.type === 'money',
  );
  const unaddressed = channels.filter((channel) => given?.[channel] !== undefined && points[pointField(channel)] === undefined);
  const missing = (path: readonly string[], message: string) =>
    ({ code: 'custom' as const, path: [...path], message, input: value }) satisfies z.core.$ZodRawIssue;
  return [
    ...(amounts && currency === undefined ? [missing(['currency'], 'is missing: an amount needs a currency, as in EUR')] : []),
    ...unaddressed.map((channel) =>
      missing(['consents', channel], `needs contact_points.${pointField(channel)}: consent is given for an address`),
    ),
  ];
}

/** The mapping from a file's columns to a customer's fields: a file of config/imports. */
export type ImportMapping = z.infer<ReturnType<typeof mappingSchema>>;

/**
 * Reads a mapping.
 * @throws Problem('invalid') naming every place that is wrong
 */
export function parseMapping(yaml: string): ImportMapping {
  const { data, wrong } = checkShape(mappingSchema(), readYaml(yaml, 'The import mapping'), { written: 'yaml' });
  if (wrong === undefined) return data;
  throw new Problem(
    'invalid',
    'The import mapping is not valid',
    placesOf(wrong, 'the mapping'),
    'docs/importing.md explains every line of a mapping',
  );
}

/** The mapping in a file. @throws Problem('not-found' or 'invalid') */
export async function loadMapping(path: string): Promise<ImportMapping> {
  return parseMapping(await readWrittenFile(path, 'import mapping'));
}

/** Every column that the mapping reads. */
export function columnsOf({ customer, attributes, contact_points: points, consents: given }: ImportMapping): Set<string> {
  const consentCells = channels.map((channel) => given?.[channel]);
  const cells = [
    ...Object.values(customer),
    ...Object.values(attributes),
    ...Object.values(points),
    ...Object.values(points).map((point) => point?.country),
    ...consentCells,
    ...consentCells.map((cell) => cell?.given_at),
  ];
  return new Set(cells.flatMap((each) => (each !== undefined && 'column' in each ? [each.column] : [])));
}

/** Whether a file has addresses. */
export function bringsAddresses({ contact_points: points }: ImportMapping): boolean {
  return Object.keys(points).length > 0;
}

/** Compares a file's header with the mapping. @throws Problem('invalid') with each column that is missing, unknown or duplicate */
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
