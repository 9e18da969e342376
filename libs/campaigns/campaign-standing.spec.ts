import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, makeCustomer, makeScore, testNow } from '../../test/harness/factories.js';
import { query } from '../persistence/sql.js';
import { standingInCampaigns } from './campaign-standing.js';
import { enrolIfAbove } from './enrol.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());

const trigger = { kind: 'score', score: 'churn', risesAbove: 0.5, fallsBelow: 0.4 };
const statuses = ['active', 'renewed', 'churned'] as const;
const scores = [null, 0.3, 0.5, 0.7];

/** Every combination of what decides whether a campaign enrols a customer. */
const cases = statuses.flatMap((status) =>
  [false, true].flatMap((objected) =>
    [2, 12].flatMap((tenure) =>
      scores.flatMap((score) =>
        [true, false].flatMap((armed) => (['live', 'paused'] as const).map((state) => ({ status, objected, tenure, score, armed, state }))),
      ),
    ),
  ),
);

it('says that nothing keeps a customer out exactly if the next check enrols them', async () => {
  const em = database.orm.em.fork();
  const definition = { audience: 'customer.tenure >= 3', trigger };
  const campaigns = {
    live: await makeCampaign(em, { definition }),
    paused: await makeCampaign(em, { state: 'paused', definition }),
  };
  let enters = 0;
  for (const { status, objected, tenure, score, armed, state } of cases) {
    const customer = await makeCustomer(em, { status, tenure, objectedAt: objected ? testNow : null });
    if (score !== null) await makeScore(em, customer.id, score);
    const { id } = campaigns[state];
    if (!armed)
      await query(em, 'insert into trigger_state (campaign_id, customer_id, armed, changed_at) values ($1, $2, false, $3)', [
        id,
        customer.id,
        testNow,
      ]);
    const standing = (await standingInCampaigns(em, customer.id, testNow)).find(({ campaign }) => campaign.id === id);
    const enrolled = await enrolIfAbove(em, id, customer.id, testNow);
    expect({ status, objected, tenure, score, armed, state, enters: standing?.keptOut.length === 0 }).toMatchObject({ enters: enrolled });
    enters += Number(enrolled);
    if (enrolled) {
      const after = (await standingInCampaigns(em, customer.id, testNow)).find(({ campaign }) => campaign.id === id);
      expect(after).toMatchObject({ inside: { arm: standing?.arm, state: 'pending' }, keptOut: [] });
    }
  }
  expect(enters).toBe(2);
});
