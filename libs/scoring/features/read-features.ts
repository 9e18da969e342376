import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import type { DataColumn, DataMatrix } from '../model/data/data-matrix.js';
import { toColumn, type Json } from './feature-columns.js';
import { featureStatement, type Reading } from './feature-statement.js';

/** What was read of some customers, in the order of their ids. */
export interface FeaturePage extends DataMatrix {
  readonly ids: readonly string[];
  /**
   * Until when no feature of the row is another unless something happens, in milliseconds since 1970; NaN for ever, or where it was not asked.
   */
  readonly nextChangeAt: Float64Array;
  /** What else was wanted, a value for each row. */
  readonly also: Readonly<Record<string, readonly Json[]>>;
}

/** Reads features as they were at an instant (see feature-statement.ts). */
export async function readFeatures(em: EntityManager, reading: Reading): Promise<FeaturePage> {
  const { sql, params, days, also } = featureStatement(reading);
  const row = (await queryOne<Readonly<Record<string, readonly Json[] | null>>>(em, sql, params)) ?? {};
  const valuesOf = (column: string): readonly Json[] => row[column] ?? [];
  const nextChangeAt = Float64Array.from(valuesOf('next_change_at'), (value) => (value === null ? NaN : Number(value)));
  const { features } = reading;
  const columns = features.map(([name, declared], index): DataColumn => {
    const read = valuesOf(`v${String(index)}`);
    const toDays = days[index];
    if (toDays === undefined) return toColumn(name, declared, read);
    const aged = read.map((value) => toDays(value, reading.at.getTime()));
    if (reading.nextChange) aged.forEach(({ changesAt }, place) => (nextChangeAt[place] = earlier(nextChangeAt[place], changesAt)));
    return { type: 'number', name, values: Float64Array.from(aged, ({ value }) => value) };
  });
  const ids = valuesOf('ids').map(String);
  return {
    rows: ids.length,
    ids,
    columns,
    nextChangeAt,
    also: Object.fromEntries(also.map((name, index) => [name, valuesOf(`v${String(features.length + index)}`)])),
  };
}

/** NaN is never. */
function earlier(one = NaN, other: number): number {
  return one <= other || Number.isNaN(other) ? one : other;
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
