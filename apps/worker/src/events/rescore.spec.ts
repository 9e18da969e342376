import fc from 'fast-check';
import { changeCustomer } from '../../../../libs/ingestion/change-customer.js';
import { recordEvents } from '../../../../libs/customers/record-events.js';
import type { JourneyGraph } from '../../../../libs/journeys/graph.js';
import { readEvent } from '../../../../libs/outbox/event-kinds.js';
import { markDelivered, takeEvents } from '../../../../libs/outbox/event-queue.js';
import { query } from '../../../../libs/persistence/sql.js';
import { realTime } from '../../../../libs/platform/clock.js';
import { newId } from '../../../../libs/platform/ids.js';
import type { Customer } from '../../../../libs/customers/customer.entity.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { day, makeCampaign, makeCustomer, testNow } from '../../../../test/harness/factories.js';
import { makeLinearModel } from '../../../../test/harness/score-models.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../../../../test/harness/temporal.js';
import { deliverTo, subscribers } from './subscribers.js';

let database: TestDatabase;
let temporal: SkippingTemporal;
beforeAll(async () => {
  database = await createTestDatabase();
  temporal = await createSkippingTemporal();
});
afterAll(async () => {
  await temporal.close();
  await database.close();
});
beforeEach(() => query(em(), 'truncate customer, score_model, domain_event, campaign cascade'));

const em = () => database.orm.em.fork();
const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);

const leaves: JourneyGraph = { first: 'out', steps: { out: { id: 'out', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} } } };
const level = { level: { events: 'level', sum: 'change', within: 30 * day, type: 'number', knots: 2, logarithm: false } } as const;

/** Delivers everything, also what is written meanwhile. */
async function deliver(now: Date): Promise<void> {
  const clock = { now: () => now, realMs: (ms: number) => ms };
  const handle = deliverTo(subscribers, {
    orm: database.orm,
    workflows: temporal.env.client.workflow,
    clock,
    rate: realTime,
    taskQueue,
  });
  for (;;) {
    const events = await em().transactional((tx) => takeEvents(tx, 100));
    if (events.length === 0) return;
    for (const event of events) await handle(readEvent(event));
    await markDelivered(
      em(),
      events.map(({ id }) => id),
    );
  }
}

const happen = ({ externalId }: Customer, at: Date, change: number, kind = 'level') =>
  em().transactional((tx) => recordEvents(tx, [{ externalId, kind, at, data: { change }, source: 'test', sourceId: newId() }], at));

const campaign = () =>
  makeCampaign(em(), {
    definition: {
      goal: null,
      audience: 'customer.plan != "gold"',
      journey: leaves,
      trigger: { kind: 'score', score: 'churn', risesAbove: 0.6, fallsBelow: 0.4 },
    },
  });
const enrolments = () => query<{ score: number }>(em(), 'select trigger_score as score from enrolment order by created_at, id');
const scores = () => query<{ value: number }>(em(), 'select round(value::numeric, 4)::float8 as value from score');
const likelihood = (of: number): number => Number((1 / (1 + Math.exp(-of))).toFixed(4));

describe('an event that a score reads', () => {
  it('has the customer scored at once, and enrolled where the threshold is crossed', async () => {
    await makeLinearModel(em(), { features: level });
    await campaign();
    const customer = await makeCustomer(em());
    await makeCustomer(em());
    await happen(customer, minutes(1), 0.1);
    await deliver(minutes(1));
    expect(await scores()).toEqual([{ value: likelihood(0.1) }]);
    expect(await enrolments()).toEqual([]);
    await happen(customer, minutes(2), 1.9);
    await deliver(minutes(2));
    expect(await scores()).toEqual([{ value: likelihood(2) }]);
    expect(await enrolments()).toEqual([{ score: expect.closeTo(likelihood(2), 3) as number }]);
  });

  it('is one of the kinds of events, or one of the attributes, that the model of now was trained with', async () => {
    await makeLinearModel(em(), { features: { visits: { type: 'number', knots: 2, logarithm: false } } });
    const customer = await makeCustomer(em(), { attributes: { visits: 1 } });
    await happen(customer, minutes(1), 5);
    await deliver(minutes(1));
    expect(await scores()).toEqual([]);
    await em().transactional((tx) => changeCustomer(tx, customer.id, { attributes: { visits: 3 } }, [], minutes(2)));
    await deliver(minutes(2));
    expect(await scores()).toEqual([{ value: likelihood(3) }]);
  });

  it('has nobody scored who objects to it', async () => {
    await makeLinearModel(em(), { features: level });
    await happen(await makeCustomer(em(), { objectedAt: testNow }), minutes(1), 5);
    await deliver(minutes(1));
    expect(await scores()).toEqual([]);
  });

  it('enrols once however often the threshold is crossed in a day, until the score fell below the lower bound', async () => {
    await makeLinearModel(em(), { features: level });
    await fc.assert(
      // Log-odds of 0.405 are a likelihood of 0.6, -0.405 one of 0.4.
      fc.asyncProperty(fc.array(fc.constantFrom(-1, -0.3, 0, 0.3, 1, 2), { minLength: 1, maxLength: 12 }), async (levels) => {
        await query(em(), 'truncate customer, campaign, domain_event cascade');
        await campaign();
        const customer = await makeCustomer(em());
        let [expected, armed, before] = [0, true, 0];
        for (const [place, now] of levels.entries()) {
          await happen(customer, minutes(place + 1), now - before);
          await deliver(minutes(place + 1));
          await query(em(), `update enrolment set state = 'closed', outcome = 'lapsed', closed_at = $1 where state <> 'closed'`, [testNow]);
          if (now < -0.405) armed = true;
          if (now > 0.405 && armed) [expected, armed] = [expected + 1, false];
          before = now;
          expect(await enrolments()).toHaveLength(expected);
        }
      }),
      {
        numRuns: 12,
        examples: [[[1, 0, 1, 0, 2, 0, 1, 0, 1]], [[1, -1, 1, 0, 1]]],
      },
    );
  });
});
