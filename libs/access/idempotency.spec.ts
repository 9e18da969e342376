import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';
import { claimCall, forgetOldCalls, type IdempotentCall, releaseCall, settleCall } from './idempotency.js';
import { newId } from '../platform/ids.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const em = () => database.orm.em.fork();
const call = (overrides: Partial<IdempotentCall> = {}): IdempotentCall => ({
  key: newId(),
  apiKeyId: newId(),
  method: 'POST',
  path: '/v1/customers',
  body: { a: 1 },
  ...overrides,
});
const age = (given: IdempotentCall, interval: string) =>
  query(em(), 'update idempotent_request set created_at = created_at - $2::interval where key = $1', [given.key, interval]);

async function claimed(given: IdempotentCall): Promise<string> {
  const claim = await claimCall(em(), given);
  if (claim.kind !== 'perform') throw new Error('was answered before');
  return claim.fence;
}

describe('an idempotent call', () => {
  it('is performed once, and repeated gets the same answer', async () => {
    const given = call();
    await settleCall(em(), given, await claimed(given), { status: 201, body: { id: 7 } });
    expect(await claimCall(em(), given)).toEqual({ kind: 'replay', answer: { status: 201, body: { id: 7 } } });
  });

  it('is claimed by exactly one of many at once', async () => {
    const given = call();
    const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimCall(em(), given)));
    expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1);
  });

  it('is refused if its key came with another request', async () => {
    const given = call();
    await settleCall(em(), given, await claimed(given), { status: 201, body: null });
    await expect(claimCall(em(), { ...given, body: { a: 2 } })).rejects.toThrow('was used for another request');
    await expect(claimCall(em(), { ...given, path: '/v1/events' })).rejects.toThrow('was used for another request');
  });

  it("does not meet another caller's call with the same key", async () => {
    const given = call();
    await claimed(given);
    await expect(claimed({ ...given, apiKeyId: newId() })).resolves.toBeDefined();
  });

  it('may be tried again after it failed', async () => {
    const given = call();
    await releaseCall(em(), given, await claimed(given));
    await expect(claimed(given)).resolves.toBeDefined();
  });

  it('is taken over a minute after its process died, and the dead process can no longer store a result', async () => {
    const given = call();
    const dead = await claimed(given);
    await expect(claimCall(em(), given)).rejects.toThrow('still being answered');
    await age(given, '61 seconds');
    const heir = await claimed(given);
    await settleCall(em(), given, dead, { status: 201, body: 'dead' });
    await settleCall(em(), given, heir, { status: 201, body: 'heir' });
    expect(await claimCall(em(), given)).toMatchObject({ answer: { body: 'heir' } });
  });

  it('is forgotten after 24 hours', async () => {
    const given = call();
    await settleCall(em(), given, await claimed(given), { status: 201, body: null });
    await age(given, '25 hours');
    await forgetOldCalls(em());
    expect(await query(em(), 'select 1 from idempotent_request where key = $1', [given.key])).toHaveLength(0);
    await expect(claimed({ ...given, body: 'another' })).resolves.toBeDefined();
  });
});
