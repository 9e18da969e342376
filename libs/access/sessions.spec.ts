import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { testNow } from '../../test/harness/factories.js';
import { createApiKey, revokeApiKey } from './api-keys.js';
import { endSession, keyOfSession, openSession } from './sessions.js';

const hour = 3_600_000;
const later = (ms: number): Date => new Date(testNow.getTime() + ms);

describe('a session', () => {
  let database: TestDatabase;
  let keyId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    keyId = (await createApiKey(database.orm.em.fork(), 'console', testNow)).id;
  });
  afterAll(() => database.close());
  const em = () => database.orm.em.fork();

  it('lasts twelve hours', async () => {
    const id = await openSession(em(), keyId, testNow);
    expect(await keyOfSession(em(), id, testNow)).toBe(keyId);
    expect(await keyOfSession(em(), id, later(12 * hour - 1))).toBe(keyId);
    expect(await keyOfSession(em(), id, later(12 * hour))).toBeUndefined();
  });

  it('ends on sign-out', async () => {
    const [id, other] = [await openSession(em(), keyId, testNow), await openSession(em(), keyId, testNow)];
    await endSession(em(), id);
    expect(await keyOfSession(em(), id, testNow)).toBeUndefined();
    expect(await keyOfSession(em(), other, testNow)).toBe(keyId);
  });

  it('ends with its key', async () => {
    const key = await createApiKey(em(), 'old', testNow);
    const id = await openSession(em(), key.id, testNow);
    await revokeApiKey(em(), key.id, testNow);
    expect(await keyOfSession(em(), id, testNow)).toBeUndefined();
  });
});
