import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { toColumn, type FeatureColumns } from './feature-columns.js';
import { featureStatement, type Reading } from './feature-statement.js';

type Json = string | number | boolean | null;

/** What was read of some customers, in the order of their ids. */
export interface FeaturePage extends FeatureColumns {
  readonly ids: readonly string[];
  /** When any feature of the row is another because time went by, in milliseconds since 1970; NaN for never, or where it was not asked. */
  readonly nextChangeAt: Float64Array;
  /** What else was wanted, a value for each row. */
  readonly also: Readonly<Record<string, readonly Json[]>>;
}

/** Reads features as they were at an instant (see feature-statement.ts). */
export async function readFeatures(em: EntityManager, reading: Reading): Promise<FeaturePage> {
  const { sql, params, also } = featureStatement(reading);
  const row = (await queryOne<Readonly<Record<string, readonly Json[] | null>>>(em, sql, params)) ?? {};
  const valuesOf = (column: string): readonly Json[] => row[column] ?? [];
  const { features } = reading;
  const columns = features.map(([name, declared], index) => toColumn(name, declared, valuesOf(`v${String(index)}`)));
  const ids = valuesOf('ids').map(String);
  return {
    rows: ids.length,
    ids,
    columns,
    nextChangeAt: Float64Array.from(valuesOf('next_change_at'), (value) => (value === null ? NaN : Number(value))),
    also: Object.fromEntries(also.map((name, index) => [name, valuesOf(`v${String(features.length + index)}`)])),
  };
}

/** All of them, a page at a time, of at most so many customers. */
export async function* readFeaturePages(
  em: EntityManager,
  reading: Omit<Reading, 'whom'>,
  range: { readonly after?: string | null; readonly upTo?: string | null; readonly most: number },
): AsyncGenerator<FeaturePage> {
  let after = range.after ?? null;
  for (;;) {
    const page: FeaturePage = await readFeatures(em, { ...reading, whom: { after, upTo: range.upTo ?? null, most: range.most } });
    if (page.rows > 0) yield page;
    if (page.rows < range.most) return;
    after = page.ids.at(-1) ?? null;
  }
}
