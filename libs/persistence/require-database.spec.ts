import { createTestDatabase } from '../../test/harness/database.js';
import { openOrm } from '../schema/orm.js';
import { requireDatabase } from './require-database.js';

const problemAt = async (url: string): Promise<unknown> => {
  const orm = await openOrm({ url, pool: 2 });
  try {
    return await requireDatabase(orm, url).catch((error: unknown) => error);
  } finally {
    await orm.close();
  }
};

describe('a database that cannot be used', () => {
  it('is reported in a sentence, without its password', async () => {
    expect(await problemAt('postgres://ada:secret@127.0.0.1:1/shop')).toMatchObject({
      name: 'Problem',
      kind: 'unavailable',
      title: 'PostgreSQL at 127.0.0.1:1/shop does not answer (ECONNREFUSED)',
      remedy: 'Start it, or correct PERENNIAL_DATABASE_URL.',
    });
  });

  it('is reported if there is a server, but not this database or login', async () => {
    const database = await createTestDatabase();
    try {
      const nowhere = new URL(database.url);
      nowhere.pathname = '/nowhere';
      expect(await problemAt(nowhere.href)).toMatchObject({ title: expect.stringContaining('has no such database') as string });
      expect(await problemAt(database.url)).toBeUndefined();
    } finally {
      await database.close();
    }
  });
});
