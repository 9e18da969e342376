import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';

/**
 * Runs one parameterised statement (`$1`, `$2`, ...) in the transaction of `em`, if it has one.
 * Parameters go to PostgreSQL as parameters, arrays as arrays; pass objects as JSON text. Instants come back as Date,
 * bigint and numeric as number.
 * @returns the rows, with the columns as the statement names them; the caller states their type
 */
export async function query<Row extends object>(em: EntityManager, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
  const result = await em.getKysely().executeQuery<Row>(CompiledQuery.raw(sql, [...params]));
  return result.rows;
}

/** The same for a statement of which only the first row is needed. */
export async function queryOne<Row extends object>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[] = [],
): Promise<Row | undefined> {
  return (await query<Row>(em, sql, params))[0];
}
