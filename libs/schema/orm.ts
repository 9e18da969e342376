import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { types } from 'pg';
import { entities } from './entities.js';
import { migrations } from './migrations/index.js';
import { SteadyPostgreSqlDriver } from '../persistence/steady-driver.js';

/** Instants come back as Date and bigint as number (all of ours stay below 2^53), from the ORM and from plain SQL alike. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [types.builtins.TIMESTAMPTZ]: (text) => new Date(text),
  [types.builtins.INT8]: Number,
  [types.builtins.NUMERIC]: Number,
};
const getTypeParser = (oid: number, format?: 'text' | 'binary'): unknown =>
  parsers[oid] ?? (types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format);

/**
 * Opens the database. Fork `orm.em` for each request, job and activity.
 * @param pool connections to keep at most
 */
export async function openOrm(database: { readonly url: string; readonly pool: number }): Promise<MikroORM> {
  return MikroORM.init(
    defineConfig({
      driver: SteadyPostgreSqlDriver,
      clientUrl: database.url,
      entities,
      pool: { min: 0, max: database.pool },
      extensions: [Migrator],
      logger: () => undefined,
      migrations: { migrationsList: migrations, snapshot: false, transactional: true },
      // Views are for SQL only: no entity stands for one.
      schemaGenerator: { skipViews: [/./] },
      forceUtcTimezone: true,
      driverOptions: { types: { getTypeParser } },
    }),
  );
}

/** Brings the schema up to date. Safe to run from several processes at once: the first does it, the others wait. */
export async function migrate(orm: MikroORM): Promise<void> {
  const lock = 7_273_656;
  await orm.em.fork().transactional(async (em) => {
    await em.execute(`select pg_advisory_xact_lock(${String(lock)})`);
    await orm.migrator.up();
  });
}
