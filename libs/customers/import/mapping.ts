import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem } from '../../platform/problem.js';

const word = z.union([z.string(), z.number(), z.boolean()]);

/** How one cell is read; `values` names every word the file may use and what it means. */
const cell = z.strictObject({
  column: z.string().min(1),
  type: z.enum(['text', 'keyword', 'integer', 'number', 'money', 'boolean']).default('text'),
  values: z.record(z.string(), word).optional(),
  blank: word.optional(),
});
export type Cell = z.infer<typeof cell>;

const numbered = z.strictObject({ row: z.string().includes('{row}') });

const mapping = z.strictObject({
  import: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'is an ISO 4217 code'),
  locale: z.string().min(2),
  delimiter: z.string().length(1).default(','),
  customer: z.strictObject({
    external_id: z.union([cell, numbered]),
    name: cell.optional(),
    locale: cell.optional(),
    time_zone: cell.optional(),
    plan: cell.optional(),
    monthly_charge: cell,
    tenure: cell,
  }),
  attributes: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'is a name in snake_case'), cell).default({}),
  ignore: z.array(z.string()).default([]),
});

/** Which column of a file becomes what of a customer: a file of config/imports. */
export type ImportMapping = z.infer<typeof mapping>;

/**
 * Reads a mapping.
 * @throws Problem('invalid') naming every place that is wrong
 */
export function parseMapping(yaml: string): ImportMapping {
  const parsed = mapping.safeParse(parse(yaml));
  if (parsed.success) return parsed.data;
  throw new Problem(
    'invalid',
    'The import mapping is not valid',
    parsed.error.issues.map((issue) => ({ where: issue.path.join('.'), what: issue.message })),
    'See config/imports/telco.yaml for an example',
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
export function columnsOf({ customer, attributes }: ImportMapping): Set<string> {
  const cells = [...Object.values(customer), ...Object.values(attributes)];
  return new Set(cells.flatMap((each) => ('column' in each ? [each.column] : [])));
}

/**
 * Holds a file's header against the mapping.
 * @throws Problem('invalid') naming each column that is missing, unknown or there twice
 */
export function checkHeader(mapping: ImportMapping, header: readonly string[]): void {
  const wanted = columnsOf(mapping);
  const known = new Set([...wanted, ...mapping.ignore]);
  const places = [
    ...[...wanted].filter((column) => !header.includes(column)).map((column) => ({ where: column, what: 'is missing' })),
    ...header.filter((column) => !known.has(column)).map((column) => ({ where: column, what: 'is not a column of this import' })),
    ...header.filter((column, index) => header.indexOf(column) !== index).map((column) => ({ where: column, what: 'is there twice' })),
  ];
  if (places.length === 0) return;
  throw new Problem(
    'invalid',
    `The header does not fit the import "${mapping.import}"`,
    places,
    'Nothing was imported. Correct the header, or list columns that are not wanted under `ignore` in the mapping',
  );
}
