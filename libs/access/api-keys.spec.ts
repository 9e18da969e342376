import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';
import { createApiKey, createFirstApiKey, findApiKey, revokeApiKey } from './api-keys.js';

const now = new Date('2026-03-02T12:00:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('an api key', () => {
  it('is made first by exactly one of many processes that start together', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => createFirstApiKey(database.orm.em.fork(), now)));
    expect(made.filter((key) => key !== undefined)).toHaveLength(1);
    expect(await query(database.orm.em.fork(), 'select id from api_key')).toHaveLength(1);
  });

  it('is found by its text and stored only as a hash', async () => {
    const em = database.orm.em.fork();
    const { id, key } = await createApiKey(em, 'billing', now);
    expect(key).toMatch(/^pk_[\w-]{43}$/);
    expect(await findApiKey(em, key)).toBe(id);
    const stored = await query<{ row: string }>(em, 'select api_key::text as row from api_key where id = $1', [id]);
    expect(stored[0]?.row).not.toContain(key.slice(3));
  });

  it.each(['', 'pk_', 'pk_short', `pk_${'a'.repeat(43)}`, `sk_${'a'.repeat(43)}`])('is not found if nobody made it: %j', async (key) => {
    expect(await findApiKey(database.orm.em.fork(), key)).toBeUndefined();
  });

  it('gives no access after it is revoked', async () => {
    const em = database.orm.em.fork();
    const { id, key } = await createApiKey(em, 'old', now);
    await revokeApiKey(em, id, now);
    expect(await findApiKey(em, key)).toBeUndefined();
  });
});
