import { channelsSetUp } from '../../../../libs/channels/set-up.js';
import { readSettings } from '../../../../config/settings.js';
import { planDueRequests } from '../../../../libs/messaging/planning/message-requests.js';
import { query } from '../../../../libs/persistence/sql.js';
import { policyInForce } from '../../../../libs/publishing/policy.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { saveTreatments } from '../../../../libs/treatments/treatments.js';
import { startTestApi, testEnvironment, type TestApi } from '../../../../test/harness/api.js';
import { shippedDocuments } from '../../../../test/harness/content.js';
import { treatment } from '../../../../test/harness/definitions.js';
import { makeContactPoint, makeCustomer, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const dropped = 'save-reminder';
interface Requested {
  readonly state: string;
  readonly reason: string | null;
  readonly dueAt: string | null;
}
async function publishAll(changed: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
  const documents = Object.fromEntries(await shippedDocuments(changed));
  expect((await api.request('POST', '/v1/publications', { body: { documents } })).status).toBe(201);
}
async function withoutTemplate(): Promise<Record<string, undefined>> {
  const paths = [...(await shippedDocuments()).keys()].filter((path) => path.startsWith(`templates/${dropped}/`));
  return Object.fromEntries(paths.map((path) => [path, undefined]));
}
async function person(): Promise<string> {
  const { id } = await makeCustomer(api.em());
  await makeContactPoint(api.em(), id, 'email');
  return id;
}
async function offered(id: string): Promise<string> {
  const { body } = await api.request<{ offer: { id: string } }>('POST', `/v1/customers/${id}/offers`, {
    body: { reference: 'gift', treatment: 'credit' },
  });
  return body.offer.id;
}
const write = (id: string, reference: string, purpose: string, offer: string) =>
  api.request<Requested>('POST', `/v1/customers/${id}/messages`, { body: { reference, template: dropped, purpose, offer } });
/** Plans everything that is due, with the present publication. */
async function planAllDue(): Promise<void> {
  await query(api.em(), `update message_request set due_at = $1 where state = 'waiting'`, [testNow]);
  const content = new PublishedContent(() => api.em(), 'en');
  await content.loadLatest();
  await planDueRequests(api.em(), policyInForce(content, channelsSetUp(readSettings(testEnvironment(api.databaseUrl))))(), testNow);
}

beforeEach(async () => {
  await publishAll();
  await saveTreatments(api.em(), [treatment({ treatment: 'credit' })], testNow);
});

describe('a message outside of every campaign whose template is no longer published', () => {
  it('returns its first answer again, and a new one is refused', async () => {
    const id = await person();
    const offer = await offered(id);
    const first = await write(id, 'one', 'service', offer);
    expect(first.body.state).toBe('planned');
    await publishAll(await withoutTemplate());
    expect(await write(id, 'one', 'service', offer)).toMatchObject({ status: 200, body: first.body });
    expect((await write(id, 'two', 'service', offer)).status).toBe(400);
  });

  it('is planned when its time comes, with the text that was there when it was requested', async () => {
    const id = await person();
    const offer = await offered(id);
    await write(id, 'one', 'marketing', offer);
    expect((await write(id, 'two', 'marketing', offer)).body.state).toBe('waiting');
    await publishAll(await withoutTemplate());
    await query(api.em(), `update message set state = 'withdrawn' where customer_id = $1`, [id]);
    await planAllDue();
    expect((await write(id, 'two', 'marketing', offer)).body).toMatchObject({ state: 'planned', reason: null });
  });
});

describe('a message outside of every campaign that waits while its offer ends', () => {
  it.each([
    ['declined', 'marketing', `state = 'declined', settled_at = now()`],
    ['declined', 'service', `state = 'declined', settled_at = now()`],
    ['over', 'service', `expires_at = '${testNow.toISOString()}'`],
  ])('(%s, %s) is blocked for that', async (_how, purpose, ended) => {
    const id = await person();
    const offer = await offered(id);
    await write(id, 'one', 'marketing', offer);
    await write(id, 'two', 'marketing', offer);
    await query(api.em(), `update message_request set purpose = $2 where customer_id = $1 and state = 'waiting'`, [id, purpose]);
    await query(api.em(), `update offer set ${ended} where id = $1`, [offer]);
    await planAllDue();
    expect((await write(id, 'two', purpose, offer)).body).toMatchObject({ state: 'blocked', reason: 'offer-closed' });
  });
});
