import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeContactPoint, makeCustomer } from '../../test/harness/factories.js';
import { Customer } from '../customers/customer.entity.js';
import { query } from './sql.js';

const name = 'Zwetlana Quorrington';
const address = 'zwetlana@example.test';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Everything that an error contains, in any form. */
const saidBy = async (failing: Promise<unknown>): Promise<string> => {
  const error: unknown = await failing.catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error('It did not fail');
  const own = Object.getOwnPropertyNames(error).map((key) => String(Reflect.get(error, key)));
  return [error.message, error.stack, ...own].join('\n');
};

describe('an error of PostgreSQL does not contain the row that it is about', () => {
  it.each<[string, string, (em: EntityManager) => Promise<unknown>]>([
    ['an entity that breaks a check', 'customer_status_check', (em) => makeCustomer(em, { name, status: 'nobody' as never })],
    [
      'an entity whose key is taken',
      'contact_point_customer_id_channel_unique',
      async (em) => {
        const { id } = await makeCustomer(em, { name });
        await makeContactPoint(em, id, 'email', { address });
        await makeContactPoint(em, id, 'email', { address });
      },
    ],
    ['an update of entities', 'not-null', (em) => em.nativeUpdate(Customer, {}, { locale: null })],
    ['a statement with a value of another type', '22P02', (em) => query(em, 'select $1::uuid', [name])],
    ['a statement with invalid JSON', '22P02', (em) => query(em, 'select $1::jsonb', [`{"${name}`])],
    ['a statement that breaks a check', 'customer_status_check', (em) => query(em, `update customer set status = $1`, [name])],
    ['a transaction', '22P02', (em) => em.transactional((tx) => query(tx, 'select $1::int', [name]))],
  ])('%s', async (_what, expected, fail) => {
    const em = database.orm.em.fork();
    await makeCustomer(em, { name });
    const said = await saidBy(fail(em));
    expect(said).toContain(expected);
    for (const word of ['Zwetlana', 'Quorrington', address]) expect(said).not.toContain(word);
  });
});
