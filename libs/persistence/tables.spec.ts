import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer } from '../../test/harness/factories.js';
import type { ApiKey } from '../access/api-key.entity.js';
import type { Customer } from '../customers/customer.entity.js';
import { newId } from '../platform/ids.js';
import { query } from './sql.js';
import { tables } from './tables.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());
const em = () => database.orm.em.fork();

describe('typed tables', () => {
  it('write and read the values of the properties: instants, bigint as number, JSON and arrays', async () => {
    const { id } = await makeCustomer(em());
    const written = {
      monthlyCharge: 2 ** 40,
      attributes: { seats: 3, note: '"quoted"' },
      preferredHours: [{ days: [1, 2], from: 540, to: 720 }],
      made: ['plan', 'a,b'],
      objectedAt: new Date('2026-03-01T09:00:00.250Z'),
    };
    const changed = tables<typeof Customer>(em()).updateTable('Customer').set(written).where('id', '=', id);
    const columns = ['monthlyCharge', 'attributes', 'preferredHours', 'made', 'objectedAt'] as const;
    expect(await changed.returning(columns).executeTakeFirst()).toEqual(written);
    const read = tables<typeof Customer>(em()).selectFrom('Customer').select(columns).where('id', '=', id);
    expect(await read.executeTakeFirst()).toEqual(written);
    expect(await query(em(), `select jsonb_typeof(preferred_hours) as hours, made[2] as second from customer where id = $1`, [id])).toEqual(
      [{ hours: 'array', second: 'a,b' }],
    );
  });

  it('run in the transaction of the entity manager', async () => {
    const key = { id: newId(), name: 'undone', hash: 'none', createdAt: new Date() };
    const undone = em().transactional(async (tx) => {
      await tables<typeof ApiKey>(tx).insertInto('ApiKey').values(key).execute();
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await query(em(), 'select id from api_key')).toEqual([]);
  });

  it('do not compile with the name of a missing property or table, or with a value of another type', () => {
    const keys = tables<typeof ApiKey>(em());
    const wrong = [
      // @ts-expect-error -- the column's name, which is `created_at`, is not the property's.
      () => keys.selectFrom('ApiKey').select('created_at'),
      // @ts-expect-error -- a renamed property, where it is compared.
      () => keys.deleteFrom('ApiKey').where('digest', '=', 'x'),
      // @ts-expect-error -- a renamed property, where it is written.
      () => keys.updateTable('ApiKey').set({ revoked: new Date() }),
      // @ts-expect-error -- a required one is missing.
      () => keys.insertInto('ApiKey').values({ id: newId(), name: 'x', createdAt: new Date() }),
      // @ts-expect-error -- an instant is a Date.
      () => keys.updateTable('ApiKey').set({ revokedAt: '2026-03-01' }),
      // @ts-expect-error -- an entity that was not named.
      () => keys.selectFrom('Session'),
    ];
    expect(wrong).toHaveLength(6);
  });
});
