import { eraseCustomer } from '../../libs/lifecycle/erase-customer.js';
import { planDueRequests } from '../../libs/messaging/planning/message-requests.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { newId } from '../../libs/platform/ids.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import type { Answer } from '../../libs/journeys/answers/table.js';
import { receiveResponse } from '../../libs/responses/receive.js';
import { saveTreatments } from '../../libs/treatments/treatments.js';
import { startTestApi, type TestApi } from '../harness/api.js';
import { treatment } from '../harness/definitions.js';
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
}

/** Somebody inside a campaign, who has been sent an offer by text and waits for two more messages. */
async function someone(): Promise<Someone> {
  const { customer, point, offerId: sent } = await sendOffer(api.em(), 'sms');
  await makeScore(api.em(), customer.id, 0.8);
  const { body } = await gift(customer.id, 'before');
  const who = { id: customer.id, externalId: customer.externalId, addressHash: point.addressHash, offerId: body.offer?.id ?? sent };
  for (const reference of ['before', 'earlier']) expect(await wish(who, reference)).toBe(200);
  return who;
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

/** All that may be asked for about one customer at once. */
const kinds: readonly ((who: Someone) => Promise<number>)[] = [
  async ({ id }) => (await api.request('DELETE', `/v1/customers/${id}`)).status,
  ({ externalId }) => post('/v1/erasures', { externalId }),
  (who) => wish(who, 'one'),
  async ({ id }) => (await gift(id, 'two')).status,
  async ({ id }) => (await api.request('PATCH', `/v1/customers/${id}`, { body: { status: 'renewed', plan: 'gold' } })).status,
  ({ id }) =>
    post('/v1/events', [
      { customerId: id, kind: 'contract.renewed', at: testNow.toISOString(), data: {}, source: 'crm', sourceId: newId() },
    ]),
  ({ id }) => post('/v1/scores', [{ customerId: id, kind: 'churn', value: 0.9 }]),
  ({ id }) =>
    post(`/v1/customers/${id}/consents`, { channel: 'sms', purpose: 'marketing', granted: false, wordingVersion: '1', source: 'app' }),
  (who) => text(who, 'declined'),
  (who) => text(who, 'opt-out'),
];

/** What the worker and the dispatcher do meanwhile: they plan what is due, and everything that is planned is refused. */
async function workMeanwhile(): Promise<number> {
  await planDueRequests(api.em(), readPolicyTables(['email', 'sms']), testNow);
  return 200;
}

describe('ten kinds of requests about the same customers at once', () => {
  it.each(['once', 'and again'])('are all answered, and none is ended for the sake of another: %s', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, someone));
    const statuses = await Promise.all(
      people.flatMap((who, turn) =>
        [...kinds.slice(turn % kinds.length), ...kinds.slice(0, turn % kinds.length), workMeanwhile].map((kind) => kind(who)),
      ),
    );
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(
      await query(api.em(), 'select from customer where id = any($1::uuid[]) and erased_at is null', [people.map(({ id }) => id)]),
    ).toEqual([]);
    expect(await queryOne(api.em(), 'select deadlocks from pg_stat_database where datname = current_database()')).toEqual({ deadlocks: 0 });
  });
});

describe('what is said of a customer while they are erased', () => {
  it('is of somebody unknown: neither stored nor taken for a repeat', async () => {
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
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await waitFor(async () => (await query(api.em(), waiting)).length === sent.length);
    await tx.commit();
    const [events, scores] = await answers;
    expect(events?.body).toEqual({ stored: 0, duplicates: 0, unknown: [0] });
    expect(scores?.body).toEqual({ stored: 0, unknown: [0] });
  });
});
