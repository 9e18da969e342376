import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { migrate, openOrm } from '../../libs/schema/orm.js';
import { resource } from './resource.js';

/** A database of its own for one spec file: real PostgreSQL, migrated, empty. */
export interface TestDatabase {
  readonly orm: MikroORM;
  readonly url: string;
  close(): Promise<void>;
}

export async function createTestDatabase(pool = 10): Promise<TestDatabase> {
  const server = await resource('postgresql');
  const name = `test_${newId().replaceAll('-', '')}`;
  await onServer(server, async (client) => {
    await client.query(`create database ${name} template ${await migratedTemplate(client, server)}`);
  });
  const url = databaseOn(server, name);
  const orm = await openOrm({ url, pool });
  return {
    orm,
    url,
    close: async () => {
      await orm.close(true);
      await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/**
 * Empties a database and migrates it up to this migration and no further, so that a spec can fill it as it was then.
 * @returns brings it up to date
 */
export async function migrateOnlyTo({ orm, url }: TestDatabase, migration: string): Promise<() => Promise<void>> {
  await query(orm.em.fork(), 'drop schema public cascade');
  await query(orm.em.fork(), 'create schema public');
  const migrating = await openOrm({ url, pool: 2 });
  await migrating.migrator.up({ to: migration });
  return async () => {
    await migrating.migrator.up();
    await migrating.close();
  };
}

/**
 * A migrated database that is only ever copied: one for each state of the migrations, made by the first spec that needs it while the others
 * wait. It gets its name when it is complete, so an interrupted run leaves no incomplete one.
 */
async function migratedTemplate(client: Client, server: string): Promise<string> {
  const name = `template_${await stampOfMigrations()}`;
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return name;
    const unfinished = `${name}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    const orm = await openOrm({ url: databaseOn(server, unfinished), pool: 2 });
    try {
      await migrate(orm);
    } finally {
      await orm.close(true);
    }
    await client.query(`alter database ${unfinished} rename to ${name}`);
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name]);
  }
}

async function stampOfMigrations(): Promise<string> {
  const folder = projectFile('libs', 'schema', 'migrations');
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort()) hash.update(file).update(await readFile(`${folder}/${file}`));
  return hash.digest('hex').slice(0, 16);
}

function databaseOn(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(connectionString: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
