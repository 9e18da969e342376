import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer, makeScore, testNow } from '../../test/harness/factories.js';
import { CustomerEvent } from '../customers/customer-event.entity.js';
import { newId } from '../platform/ids.js';
import { dayMs } from './facts.js';
import { loadFacts } from './load-facts.js';

describe('loadFacts', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(2);
  });
  afterAll(() => database.close());

  it('loads columns, attributes, scores and recent events under their names in rules', async () => {
    const em = database.orm.em.fork();
    const customer = await makeCustomer(em, {
      externalId: 'telco-1',
      monthlyCharge: 2_985,
      timeZone: null,
      attributes: { contract: 'one-year', partner: true, plan: 'an attribute never hides a column' },
    });
    await makeScore(em, customer.id, 0.7);
    const happen = (kind: string, at: number): Promise<unknown> =>
      em.insert(CustomerEvent, {
        id: newId(),
        customer: customer.id,
        kind,
        at: new Date(at),
        data: {},
        source: 'test',
        sourceId: newId(),
        receivedAt: testNow,
      });
    const now = testNow.getTime();
    await happen('ticket.opened', now - dayMs);
    await happen('too.old', now - 366 * dayMs);
    await happen('still.to.come', now + 1);

    expect(await loadFacts(em, customer.id, testNow)).toEqual({
      customer: {
        external_id: 'telco-1',
        status: 'active',
        notice: false,
        plan: 'basic',
        monthly_charge: 29.85,
        tenure: 12,
        time_zone: null,
        locale: 'en',
        contract: 'one-year',
        partner: true,
      },
      score: { churn: 0.7 },
      events: [{ kind: 'ticket.opened', at: now - dayMs }],
      now,
    });
  });

  it('reports that there is no such customer', async () => {
    await expect(loadFacts(database.orm.em.fork(), newId(), testNow)).rejects.toThrow('There is no customer');
  });
});
