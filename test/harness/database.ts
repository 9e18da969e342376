import type { MikroORM } from '@mikro-orm/postgresql';
import { newId } from '../../libs/platform/ids.js';
import { migrate, openOrm } from '../../libs/schema/orm.js';

/** A database of its own for one spec file: real PostgreSQL, migrated, empty. */
export interface TestDatabase {
  readonly orm: MikroORM;
  readonly url: string;
  close(): Promise<void>;
}

/** The PostgreSQL server comes from the global set-up (or from PERENNIAL_TEST_DATABASE_URL where it is set by hand). */
export async function createTestDatabase(pool = 10): Promise<TestDatabase> {
  const server = process.env['PERENNIAL_TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('PERENNIAL_TEST_DATABASE_URL is not set: run the tests through `npm test`');
  const name = `test_${newId().replaceAll('-', '')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const orm = await openOrm({ url: url.href, pool });
  await migrate(orm);
  return {
    orm,
    url: url.href,
    close: async () => {
      await orm.close(true);
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const orm = await openOrm({ url, pool: 1 });
  await orm.em.getConnection().execute(statement);
  await orm.close(true);
}
