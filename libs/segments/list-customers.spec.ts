import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { testNow, testSecret } from '../../test/harness/factories.js';
import { readSearch } from '../customers/customer-search.js';
import { query } from '../persistence/sql.js';
import { listCustomers } from './list-customers.js';
import { compileRule } from './rule.js';

/** More than the indexes look up one by one. */
const many = 10_050;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await add('old', many);
  await add('rare', 120);
  await add('young', many);
});
afterAll(() => database.close());

/** Adds customers, each newer than the one before, whose name and number begin with a word. */
const add = (word: string, count: number): Promise<unknown> =>
  query(
    database.orm.em.fork(),
    `insert into customer (id, external_id, name, locale, status, tenure, attributes, made, created_at, updated_at)
     select uuidv7(), $1::text || '-' || n, 'Person ' || $1::text || n, 'en', 'active', n % 7, '{}', '{}', $3, $3 from generate_series(1, $2::int) n`,
    [word, count, testNow],
  );

const idsOf = async (word: string, rule = 'true'): Promise<string[]> => {
  const rows = await query<{ id: string }>(
    database.orm.em.fork(),
    `select id from customer where name like 'Person ' || $1::text || '%' and (${rule}) order by id desc`,
    [word],
  );
  return rows.map(({ id }) => id);
};

async function pages(text: string, rows: number, most: number, rule: string | null = null): Promise<string[]> {
  const found: string[] = [];
  const search = readSearch(text, testSecret);
  const compiled = rule === null ? null : compileRule(rule);
  for (let page = 0; page < most; page += 1) {
    const filter = { status: null, search, rule: compiled, before: found.at(-1) ?? null, rows };
    found.push(...(await listCustomers(database.orm.em.fork(), filter, testNow)));
  }
  return found;
}

it.each([
  ['few fit', 'rare', 50, 4],
  ['many fit, and they are the newest', 'young', 60, 3],
  ['many fit, and they are the oldest', 'old', 60, 3],
])('lists the newest first, page by page, where %s', async (_, word, rows, most) => {
  const expected = await idsOf(word);
  expect(await pages(word, rows, most)).toEqual(expected.slice(0, rows * most));
  expect(await pages(`person ${word}`, rows, most)).toEqual(expected.slice(0, rows * most));
});

it('ends with the last of many', async () => {
  expect(await pages('old-', 4_000, 4)).toEqual(await idsOf('old'));
});

it('keeps those for whom a rule holds, of few and of many', async () => {
  for (const word of ['rare', 'young', 'old'])
    expect(await pages(word, 40, 1, 'customer.tenure == 3')).toEqual((await idsOf(word, 'tenure = 3')).slice(0, 40));
});
