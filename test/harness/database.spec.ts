import { query } from '../../libs/persistence/sql.js';
import { migrations } from '../../libs/schema/migrations/index.js';
import { createTestDatabase } from './database.js';

describe('a database for a spec', () => {
  it('is migrated, and shares nothing with another one that is made at the same time', async () => {
    const databases = await Promise.all([createTestDatabase(2), createTestDatabase(2)]);
    const [one, two] = databases;
    try {
      const names = await query<{ name: string }>(two.orm.em.fork(), 'select name from mikro_orm_migrations order by id');
      expect(names.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
      await query(one.orm.em.fork(), 'drop table message cascade');
      expect(await query(two.orm.em.fork(), 'select id from message')).toEqual([]);
    } finally {
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  it('is deleted when it is closed', async () => {
    const [closed, open] = await Promise.all([createTestDatabase(2), createTestDatabase(2)]);
    await closed.close();
    const name = new URL(closed.url).pathname.slice(1);
    try {
      expect(await query(open.orm.em.fork(), 'select from pg_database where datname = $1', [name])).toEqual([]);
    } finally {
      await open.close();
    }
  });
});
