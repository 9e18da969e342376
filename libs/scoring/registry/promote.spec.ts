import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { makeChallenger, promoteModel, rollbackModel } from './promote.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());
const em = () => db.orm.em.fork();
const now = new Date('2026-03-02T10:00:00Z');

beforeEach(() => query(em(), 'truncate score_model cascade'));

async function register(version: number, refusedFor: readonly string[] = []): Promise<string> {
  const id = newId();
  await query(
    em(),
    `insert into score_model (id, kind, version, state, metrics, parameters, trained_at) values ($1, 'churn', $2, 'candidate', $3, '{}', $4)`,
    [id, version, JSON.stringify({ refusedFor }), now],
  );
  return id;
}
const states = async (): Promise<string[]> =>
  (await query<{ state: string }>(em(), 'select state from score_model order by version')).map(({ state }) => state);

describe('the register of models', () => {
  it('promotes: the champion retires, and one that a challenger was takes its place', async () => {
    await register(1);
    const second = await register(2);
    expect(await promoteModel(em(), 'churn', 1, now)).toEqual({ version: 1, replaced: null });
    await em().transactional((tx) => makeChallenger(tx, 'churn', second));
    expect(await states()).toEqual(['champion', 'challenger']);
    expect(await promoteModel(em(), 'churn', 2, now)).toEqual({ version: 2, replaced: 1 });
    expect(await states()).toEqual(['retired', 'champion']);
  });

  it('goes back step by step, and says where there is nothing left', async () => {
    for (const version of [1, 2, 3]) await register(version);
    for (const version of [1, 3, 2]) await promoteModel(em(), 'churn', version, now);
    expect(await rollbackModel(em(), 'churn')).toEqual({ version: 3, replaced: 2 });
    expect(await rollbackModel(em(), 'churn')).toEqual({ version: 1, replaced: 3 });
    await expect(rollbackModel(em(), 'churn')).rejects.toThrow('no earlier version');
    expect(await states()).toEqual(['champion', 'retired', 'retired']);
  });

  it('promotes no version that did not pass its gates, none that is in use, and none that does not exist', async () => {
    await register(1);
    await register(2, ['it predicts no better than chance']);
    await promoteModel(em(), 'churn', 1, now);
    await expect(promoteModel(em(), 'churn', 2, now)).rejects.toMatchObject({
      kind: 'conflict',
      places: [{ where: 'version 2', what: 'it predicts no better than chance' }],
    });
    await expect(promoteModel(em(), 'churn', 1, now)).rejects.toThrow('in use already');
    await expect(promoteModel(em(), 'churn', 9, now)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await states()).toEqual(['champion', 'candidate']);
  });

  it('has one champion and one challenger of a kind, however many promote at once', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map((version) => register(version)));
    await Promise.allSettled([
      ...[1, 2, 3].map((version) => promoteModel(em(), 'churn', version, now)),
      ...ids.slice(3).map((id) => em().transactional((tx) => makeChallenger(tx, 'churn', id))),
    ]);
    const [counts] = await query<{ champions: number; challengers: number }>(
      em(),
      `select count(*) filter (where state = 'champion') as champions, count(*) filter (where state = 'challenger') as challengers from score_model`,
    );
    expect(counts).toEqual({ champions: 1, challengers: 1 });
  });
});
