import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, makeCustomer, makeEnrolment, makeScore, testNow } from '../../test/harness/factories.js';
import { waitingEvents } from '../../test/harness/signals.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { readEvent } from './event-kinds.js';
import { isStuck, markDelivered, putOff, removeOldEvents, takeEvents, triesBeforeAlert } from './event-queue.js';
import { writeChanges, writeEvents } from './write-events.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.close());
beforeEach(() => query(em(), 'delete from domain_event'));

const em = () => database.orm.em.fork();
const happen = (customerId: string, ...fields: string[]) =>
  writeEvents(
    em(),
    fields.map((field) => ({ kind: 'customer.changed', customerId, payload: { fields: [field] } })),
    testNow,
  );
/** What one relay would deliver now, as customer and field. */
const take = (limit = 100) => em().transactional((tx) => takeEvents(tx, limit));
const said = (events: readonly { readonly payload: unknown }[]) => events.map(({ payload }) => (payload as { fields: string[] }).fields[0]);

describe('the outbox', () => {
  it('gives out for each customer only the first undelivered event', async () => {
    const [one, other] = [newId(), newId()];
    await happen(one, 'a', 'b');
    await happen(other, 'c');
    const first = await take();
    expect(said(first)).toEqual(['a', 'c']);
    await markDelivered(
      em(),
      first.map(({ id }) => id),
    );
    expect(said(await take())).toEqual(['b']);
  });

  it('never gives an event that one relay has to another, or later events of its customer', async () => {
    const [one, other] = [newId(), newId()];
    await happen(one, 'a', 'b');
    await happen(other, 'c');
    await em().transactional(async (tx) => {
      expect(said(await takeEvents(tx, 1))).toEqual(['a']);
      expect(said(await take())).toEqual(['c']);
    });
    expect(said(await take())).toEqual(['a', 'c']);
  });

  it('delays only the customer whose event failed, and longer each time', async () => {
    const [one, other] = [newId(), newId()];
    await happen(one, 'a', 'b');
    const [failing] = await take();
    await putOff(em(), [failing?.id ?? '']);
    await happen(other, 'c');
    await happen(one, 'd');
    expect(said(await take())).toEqual(['c']);
    const pause = async () =>
      (
        await queryOne<{ seconds: number }>(
          em(),
          `select extract(epoch from due_at - clock_timestamp())::float8 as seconds from domain_event where id = $1`,
          [failing?.id],
        )
      )?.seconds;
    expect(await pause()).toBeLessThanOrEqual(1);
    for (let time = 0; time < 10; time += 1) await putOff(em(), [failing?.id ?? '']);
    expect(await pause()).toBeGreaterThan(55);
    expect(await pause()).toBeLessThanOrEqual(60);
    await query(em(), 'update domain_event set due_at = now()');
    expect(said(await take())).toEqual(['a', 'c']);
  });

  it('reports once that an event is stuck, and once that it is delivered', async () => {
    await happen(newId(), 'a');
    const [stuck] = await take();
    const ids = [stuck?.id ?? ''];
    const said = [];
    for (let time = 0; time < triesBeforeAlert + 2; time += 1) said.push(...(await putOff(em(), ids)));
    expect(said).toEqual(['customer.changed']);
    expect(await isStuck(em(), 'customer.changed')).toBe(true);
    expect(await markDelivered(em(), ids)).toEqual(['customer.changed']);
    expect(await isStuck(em(), 'customer.changed')).toBe(false);
  });

  it('is written together with its cause, or not at all', async () => {
    const attempt = em().transactional(async (tx) => {
      await writeEvents(tx, [{ kind: 'customer.erased', customerId: newId(), payload: {} }], testNow);
      throw new Error('the process died');
    });
    await expect(attempt).rejects.toThrow('the process died');
    expect(await waitingEvents(em())).toEqual([]);
  });

  it('keeps delivered events for a week, and undelivered ones for ever', async () => {
    const customers = Array.from({ length: 3 }, newId);
    for (const customer of customers) await happen(customer, customer);
    await query(em(), `update domain_event set delivered_at = now() - interval '8 days' where customer_id = $1`, [customers[0]]);
    await query(em(), `update domain_event set delivered_at = now() - interval '6 days' where customer_id = $1`, [customers[1]]);
    expect(await removeOldEvents(em())).toBe(1);
    expect(await query(em(), 'select customer_id as id from domain_event order by position')).toEqual([
      { id: customers[1] },
      { id: customers[2] },
    ]);
  });

  it('refuses an event of an unknown kind, or without a field of its kind', () => {
    const stored = { id: newId(), customerId: newId(), at: testNow };
    expect(() => readEvent({ ...stored, kind: 'toString', payload: {} })).toThrow('no event of the kind toString');
    expect(() => readEvent({ ...stored, kind: 'customer.changed', payload: {} })).toThrow();
  });
});

describe('a change of a customer', () => {
  it('is written for whomever a score reads it, unless so many changed at once that the next sweep scores them', async () => {
    await query(
      em(),
      `insert into score_model (id, kind, version, state, metrics, parameters, trained_at, asks)
       select uuidv7(), 'churn', n, (array['champion', 'challenger'])[n], '{}', '{}', $1, (array['{customer.plan}', '{customer.tenure}'])[n]::text[]
       from generate_series(1, 2) n`,
      [testNow],
    );
    const { id } = await makeCustomer(em());
    expect(await change([id], 'customer.tenure')).toEqual([]);
    expect(await change([id, newId()], 'customer.plan', 'customer.tenure')).toEqual([
      { customerId: id, payload: { fields: ['customer.plan'] } },
    ]);
    await query(em(), 'delete from domain_event');
    const others = Array.from({ length: 500 }, newId);
    expect(await change([id, ...others], 'customer.plan')).toEqual([]);
    expect(await change([id, ...others.slice(1)], 'customer.plan')).toHaveLength(1);
    await query(em(), 'delete from score_model');
  });

  const change = async (customerIds: readonly string[], ...fields: string[]) => {
    await writeChanges(
      em(),
      customerIds.map((customerId) => ({ customerId, fields })),
      testNow,
    );
    return (await waitingEvents(em())).map(({ customerId, payload }) => ({ customerId, payload }));
  };

  it('is written if the goal of a running journey reads it, once for each customer, with the fields that are read', async () => {
    const campaign = await makeCampaign(em(), { definition: { goal: 'customer.plan == "gold" && events("payment", 30) > 0' } });
    const [inside, paused] = [await makeCustomer(em()), await makeCustomer(em())];
    const [heldOut, ended, outside] = [await makeCustomer(em()), await makeCustomer(em()), await makeCustomer(em())];
    await makeEnrolment(em(), campaign, inside.id);
    await makeEnrolment(em(), campaign, paused.id, { state: 'paused' });
    await makeEnrolment(em(), campaign, heldOut.id, { arm: 'holdout' });
    await makeEnrolment(em(), campaign, ended.id, { state: 'closed', outcome: 'lapsed' });
    const all = [inside, paused, heldOut, ended, outside].map(({ id }) => id);
    expect(await change(all, 'customer.tenure', 'events.click')).toEqual([]);
    const written = await change(all, 'customer.plan', 'customer.tenure', 'events.payment');
    const expected = [inside, paused].map(({ id }) => ({ customerId: id, payload: { fields: ['customer.plan', 'events.payment'] } }));
    expect(written).toHaveLength(expected.length);
    expect(written).toEqual(expect.arrayContaining(expected));
  });

  it('is written if the audience of a live trigger reads it and the score is above the threshold', async () => {
    const audience = 'customer.contract == "month-to-month"';
    await makeCampaign(em(), {
      definition: { goal: null, audience, trigger: { kind: 'score', score: 'clv', risesAbove: 50, fallsBelow: 40 } },
    });
    const [above, below] = [await makeCustomer(em()), await makeCustomer(em())];
    await makeScore(em(), above.id, 60, 'clv');
    await makeScore(em(), below.id, 50, 'clv');
    expect(await change([above.id, below.id], 'customer.plan')).toEqual([]);
    expect(await change([above.id, below.id], 'customer.contract')).toEqual([
      { customerId: above.id, payload: { fields: ['customer.contract'] } },
    ]);
  });
});
