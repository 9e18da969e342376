import type { EntityManager } from '@mikro-orm/postgresql';
import type { JourneyInput } from '../libs/journeys/effects.js';
import type { JourneyState } from '../libs/journeys/engine.js';
import type { JourneyGraph } from '../libs/journeys/graph.js';
import type { Answer } from '../libs/journeys/answers/table.js';
import { readPolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../libs/persistence/sql.js';
import { newId } from '../libs/platform/ids.js';
import type { JourneyActivities, Woken } from '../workflows/contract.js';
import { createTestDatabase, type TestDatabase } from '../test/harness/database.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeScore, testNow } from '../test/harness/factories.js';
import { testGraph } from '../test/harness/definitions.js';
import { createJourneyActivities } from './journey.js';

const at = testNow.getTime();
/** The test journey after a check of the customer. */
const graph: JourneyGraph = {
  first: 'assess',
  steps: {
    ...testGraph.steps,
    assess: { id: 'assess', kind: 'assess', spec: { rule: 'score.churn > 0.5' }, ways: { next: 'choose' } },
  },
};

const policy = readPolicyTables(['email', 'sms']);

describe('a wake', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let activities: JourneyActivities;
  beforeAll(async () => {
    database = await createTestDatabase();
    activities = createJourneyActivities({
      orm: database.orm,
      clock: { now: () => testNow, realMs: (campaignMs) => campaignMs },
      policy: () => policy,
      hints: { hint: () => Promise.resolve(), close: () => Promise.resolve() },
    });
  });
  afterAll(() => database.close());
  beforeEach(() => (em = database.orm.em.fork()));

  const standing = (id: string): Promise<object | undefined> =>
    queryOne(em, 'select state, outcome, step, waiting_until as "waitingUntil" from enrolment where id = $1', [id]);
  const decisions = async (id: string): Promise<string[]> =>
    (await query<{ kind: string }>(em, 'select kind from decision where enrolment_id = $1 order by id', [id])).map(({ kind }) => kind);
  const visits = async (id: string): Promise<string[]> =>
    (
      await query<{ step: string; label: string | null }>(
        em,
        'select step, label from step_visit where enrolment_id = $1 order by ordinal',
        [id],
      )
    ).map(({ step, label }) => `${step}:${label ?? ''}`);
  const answered = (answer: Answer): JourneyInput => ({
    kind: 'signalled',
    signal: { kind: 'response', answer, responseId: newId() },
  });
  const enrolled = async () => {
    const campaign = await makeCampaign(em, { definition: { journey: graph } });
    const customer = await makeCustomer(em);
    await makeContactPoint(em, customer.id, 'email');
    await makeScore(em, customer.id, 0.8);
    const { id } = await makeEnrolment(em, campaign, customer.id, { measureAt: new Date(at + 10 * day) });
    return { id, campaign, customer };
  };
  const wake = (enrolmentId: string, state: JourneyState | null, ...inputs: JourneyInput[]): Promise<Woken> =>
    activities.wake({ enrolmentId, state, inputs, now: at });

  it('advances the journey until it waits, and to its end', async () => {
    const { id } = await enrolled();
    const { state, until, outcome } = await wake(id, null, { kind: 'started' });
    expect(outcome).toBeNull();
    expect(until).toBeGreaterThan(at);
    expect(await standing(id)).toMatchObject({ state: 'entered', step: 'await', waitingUntil: new Date(until ?? 0) });
    expect(await decisions(id)).toEqual(['assess', 'treat', 'send']);
    expect(await wake(id, state, answered('declined'))).toMatchObject({ until: null, outcome: 'declined' });
    expect(await standing(id)).toMatchObject({ state: 'closed', outcome: 'declined', step: 'declined' });
    expect(await visits(id)).toEqual(['assess:next', 'choose:next', 'offer:next', 'await:declined', 'declined:declined']);
  });
});
