import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { definition } from '../../test/harness/definitions.js';
import { testNow } from '../../test/harness/factories.js';
import { openHeavyWork, type HeavyWork } from '../persistence/heavy-work.js';
import { query } from '../persistence/sql.js';
import { warningsInTime } from './warnings-in-time.js';
import { openOrm } from '../schema/orm.js';

let db: TestDatabase;
let heavy: HeavyWork;
beforeAll(async () => {
  db = await createTestDatabase();
  heavy = await openHeavyWork((pool) => openOrm({ url: db.url, pool }));
});
afterAll(async () => {
  await heavy.close();
  await db.close();
});

const ask = () =>
  warningsInTime(heavy, new AbortController().signal, { definition: definition(), terms: [], known: {}, now: testNow }, 100);

describe('warnings', () => {
  it('that take too long are skipped and reported as skipped, and the request continues', async () => {
    expect(await ask()).toEqual([{ where: 'audience', what: 'there are no customers yet; import them first' }]);
    await db.orm.em.fork().transactional(async (tx) => {
      await query(tx, 'lock table customer in access exclusive mode');
      expect(await ask()).toEqual([{ where: 'the customers', what: 'were not checked: it took too long' }]);
    });
  });

  it('that fail for another reason are still an error', async () => {
    const broken = definition({ audience: 'customer.' });
    const asked = { definition: broken, terms: [], known: {}, now: testNow };
    await expect(warningsInTime(heavy, new AbortController().signal, asked)).rejects.toThrow();
  });
});
