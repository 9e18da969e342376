import { EntityManager } from '@mikro-orm/postgresql';
import { lockLiving } from '../../libs/customers/living.js';
import { eraseCustomer } from '../../libs/lifecycle/erase-customer.js';
import { recordClick } from '../../libs/messaging/ledger/link-click.js';
import { planDueRequests } from '../../libs/messaging/planning/message-requests.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { codeOf } from '../../libs/platform/code-of.js';
import { newId } from '../../libs/platform/ids.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import type { Answer } from '../../libs/journeys/answers/table.js';
import { receiveResponse } from '../../libs/responses/receive.js';
import { saveTreatments } from '../../libs/treatments/treatments.js';
import { startTestApi, type TestApi } from '../harness/api.js';
import { treatment } from '../harness/definitions.js';
import { giveUpOnce } from '../harness/give-up.js';
import { makeScore, testNow, testSecret } from '../harness/factories.js';
import { sendOffer } from '../harness/sent-offer.js';
import { waitFor } from '../harness/wait-for.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await saveTreatments(api.em(), [treatment({ treatment: 'credit' })], testNow);
});
afterAll(() => api.close());

interface Someone {
  readonly id: string;
  readonly externalId: string;
  readonly addressHash: string;
  readonly offerId: string;
  readonly messageId: string;
  readonly taskId: string;
}

/** A customer inside a campaign who got an offer by text, asked something, and has two more planned messages. */
async function someone(): Promise<Someone> {
  const { customer, point, offerId: sent, messageId } = await sendOffer(api.em(), 'sms');
  await makeScore(api.em(), customer.id, 0.8);
  const { body } = await gift(customer.id, 'before');
  const { id, externalId } = customer;
  const who = { id, externalId, addressHash: point.addressHash, offerId: body.offer?.id ?? sent, messageId, taskId: '' };
  for (const reference of ['before', 'earlier']) expect(await wish(who, reference)).toBe(200);
  await text(who, 'question');
  const task = await queryOne<{ id: string }>(api.em(), 'select id from task where customer_id = $1', [id]);
  return { ...who, taskId: task?.id ?? '' };
}

async function wish({ id, offerId: offer }: Someone, reference: string): Promise<number> {
  const body = { reference, template: 'save-reminder', purpose: 'service', offer };
  return (await api.request('POST', `/v1/customers/${id}/messages`, { body })).status;
}

const gift = (id: string, reference: string) =>
  api.request<{ offer: { id: string } | null }>('POST', `/v1/customers/${id}/offers`, { body: { reference, treatment: 'credit' } });

const post = async (path: string, body: unknown): Promise<number> =>
  (await api.request('POST', path, { body, headers: { 'Idempotency-Key': newId() } })).status;

async function text({ addressHash }: Someone, answer: Answer): Promise<number> {
  const said = () => ({ answer, because: 'a word' });
  await receiveResponse(
    api.em(),
    { source: 'twilio', sourceId: newId(), channel: 'sms', by: { addressHash }, said, text: answer },
    testNow,
  );
  return 200;
}

/** All requests about one customer that may come at once. */
const kinds: Readonly<Record<string, (who: Someone) => Promise<number>>> = {
  'an erasure': async ({ id }) => (await api.request('DELETE', `/v1/customers/${id}`)).status,
  'an erasure by the customer number': ({ externalId }) => post('/v1/erasures', { externalId }),
  'a message': (who) => wish(who, 'one'),
  'an offer': async ({ id }) => (await gift(id, 'two')).status,
  'a change': async ({ id }) => (await api.request('PATCH', `/v1/customers/${id}`, { body: { status: 'renewed', plan: 'gold' } })).status,
  'an event': ({ id }) =>
    post('/v1/events', [
      { customerId: id, kind: 'contract.renewed', at: testNow.toISOString(), data: {}, source: 'crm', sourceId: newId() },
    ]),
  'a score': ({ id }) => post('/v1/scores', [{ customerId: id, kind: 'churn', value: 0.9 }]),
  'a consent': ({ id }) =>
    post(`/v1/customers/${id}/consents`, { channel: 'sms', purpose: 'marketing', granted: false, wordingVersion: '1', source: 'app' }),
  'a no': (who) => text(who, 'declined'),
  'an opt-out': (who) => text(who, 'opt-out'),
  'a click': (who) => click(who),
  'a reply of the desk': ({ taskId }) => post(`/v1/tasks/${taskId}/reply`, { text: 'Yes, for both.' }),
  'a decision of the desk': ({ taskId }) => post(`/v1/tasks/${taskId}/close`, { answer: 'declined' }),
};
const allKinds = Object.values(kinds);

async function click({ id, messageId }: Someone): Promise<number> {
  await recordClick(api.em(), { messageId, customerId: id, name: 'terms', target: 'https://example.test/' }, testNow);
  return 200;
}

/** What the worker and the dispatcher do in the meantime: they plan due messages, and every planned message is refused. */
async function workMeanwhile(): Promise<number> {
  await planDueRequests(api.em(), readPolicyTables(['email', 'sms']), testNow);
  return 200;
}

/** Every transaction of a test: PostgreSQL counts deadlocks as well, but reports them late. */
const transactional = jest.spyOn(EntityManager.prototype, 'transactional');
beforeEach(() => void transactional.mockClear());
afterAll(() => transactional.mockRestore());

async function deadlocks(): Promise<number> {
  const ended = await Promise.allSettled(transactional.mock.results.map(({ value }) => value as unknown));
  return ended.filter((each) => each.status === 'rejected' && codeOf(each.reason) === '40P01').length;
}

/** How many of this database wait for a lock. */
const waiting = async (): Promise<number> =>
  (await query(api.em(), `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;

describe('requests about a customer', () => {
  it.each(Object.entries(kinds))('lock the customer first, and hold no other lock while they wait: %s', async (_name, kind) => {
    const who = await someone();
    const holder = api.em();
    await holder.begin();
    await lockLiving(holder, who.id);
    const asked = kind(who);
    await waitFor(async () => (await waiting()) === 1);
    for (const table of ['enrolment', 'message', 'message_request', 'task', 'contact_point', 'offer'])
      expect(await query(holder, `select from ${table} where customer_id = $1 for update nowait`, [who.id])).not.toEqual([]);
    await holder.rollback();
    expect(await asked).toBeLessThan(300);
  });

  it('are all answered if they come at once, and none is ended in favour of another', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, someone));
    const statuses = await Promise.all(
      people.flatMap((who, turn) =>
        [...allKinds.slice(turn % allKinds.length), ...allKinds.slice(0, turn % allKinds.length), workMeanwhile].map((kind) => kind(who)),
      ),
    );
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(
      await query(api.em(), 'select from customer where id = any($1::uuid[]) and erased_at is null', [people.map(({ id }) => id)]),
    ).toEqual([]);
    expect(await deadlocks()).toBe(0);
  });
});

describe('a transaction that PostgreSQL ended in favour of another is repeated:', () => {
  const state = async ({ id }: Someone) =>
    queryOne(api.em(), `select state from message_request where customer_id = $1 and reference = 'before'`, [id]);

  it('a request whose time has come', async () => {
    const who = await someone();
    await query(
      api.em(),
      `update message_request set state = 'waiting', due_at = $2, occurrence = occurrence + 1, message_id = null
       where customer_id = $1 and reference = 'before'`,
      [who.id, testNow],
    );
    const inserts = await giveUpOnce(api.em(), 'message');
    await workMeanwhile();
    expect([await inserts(), await deadlocks()]).toEqual([2, 1]);
    expect(await state(who)).toEqual({ state: 'planned' });
  });

  it.each([
    ['a click', 'customer_event', 'customer_id'],
    ['a reply of the desk', 'reply', 'task_id'],
    ['a decision of the desk', 'response', 'customer_id'],
  ])('%s', async (kind, table, ofCustomer) => {
    const who = await someone();
    const stored = async (): Promise<number> =>
      (await query(api.em(), `select from ${table} where ${ofCustomer} = $1`, [ofCustomer === 'task_id' ? who.taskId : who.id])).length;
    const before = await stored();
    const inserts = await giveUpOnce(api.em(), table);
    expect(await kinds[kind]?.(who)).toBeLessThan(300);
    expect([await inserts(), await deadlocks()]).toEqual([2, 1]);
    expect(await stored()).toBe(before + 1);
  });
});

describe('data about a customer who is being erased', () => {
  it('is about an unknown customer: neither stored nor counted as a repetition', async () => {
    const { id } = await someone();
    const tx = api.em();
    await tx.begin();
    await eraseCustomer(tx, { customerId: id }, testSecret, 'cli:test', testNow);
    const event = { customerId: id, kind: 'payment', at: testNow.toISOString(), data: {}, source: 'crm', sourceId: newId() };
    const sent = [
      ['/v1/events', [event]],
      ['/v1/scores', [{ customerId: id, kind: 'churn', value: 0.9 }]],
    ] as const;
    const answers = Promise.all(sent.map(([path, body]) => api.request('POST', path, { body, headers: { 'Idempotency-Key': newId() } })));
    await waitFor(async () => (await waiting()) === sent.length);
    await tx.commit();
    const [events, scores] = await answers;
    expect(events?.body).toEqual({ stored: 0, duplicates: 0, unknown: [0] });
    expect(scores?.body).toEqual({ stored: 0, unknown: [0] });
  });
});
