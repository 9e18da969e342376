import { optOutAtProvider } from '../../../../libs/consent/opt-out.js';
import { planDueRequests } from '../../../../libs/messaging/planning/message-requests.js';
import { readPolicyTables } from '../../../../libs/messaging/contact-policy/policy-tables.js';
import { recordDelivery } from '../../../../libs/messaging/ledger/ledger.js';
import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { saveTreatments } from '../../../../libs/treatments/treatments.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { treatment } from '../../../../test/harness/definitions.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeScore, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await saveTreatments(
    api.em(),
    [treatment({ treatment: 'credit' }), treatment({ treatment: 'never', eligible: 'customer.tenure > 900' })],
    testNow,
  );
});
afterAll(() => api.close());

interface Requested {
  readonly id: string;
  readonly state: string;
  readonly dueAt: string | null;
  readonly reason: string | null;
  readonly message: { readonly id: string; readonly channel: string } | null;
}
interface Offered {
  readonly decisionId: string;
  readonly reasons: readonly string[];
  readonly offer: { readonly id: string; readonly treatment: string; readonly cost: number } | null;
}

const person = async (...channels: readonly ('email' | 'sms')[]): Promise<string> => {
  const { id } = await makeCustomer(api.em());
  await makeScore(api.em(), id, 0.8);
  for (const channel of channels) await makeContactPoint(api.em(), id, channel);
  return id;
};
/** The reminder shows an offer, so it needs one. */
const write = async (id: string, body: object) => {
  const gift = await offer(id, { reference: 'gift', treatment: 'credit' });
  return api.request<Requested>('POST', `/v1/customers/${id}/messages`, {
    body: { reference: 'one', template: 'save-reminder', purpose: 'service', offer: gift.body.offer?.id, ...body },
  });
};
const offer = (id: string, body: object) =>
  api.request<Offered>('POST', `/v1/customers/${id}/offers`, { body: { reference: 'one', ...body } });
const tables = readPolicyTables(['email', 'sms']);
const later = (at: string | Date | null): Date => new Date(new Date(at ?? testNow).getTime() + 1_000);

describe('an offer outside of every campaign', () => {
  it('is the best of the given treatments, with its decision, and the same reference returns it again', async () => {
    const id = await person('email');
    const { status, body } = await offer(id, { from: ['credit', 'never'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ reasons: ['best-value'], offer: { treatment: 'credit', state: 'open' } });
    expect((await offer(id, { from: ['never', 'credit'] })).body).toEqual(body);
    expect(
      await query(api.em(), 'select kind, subject, enrolment_id, campaign_id, step from decision where customer_id = $1', [id]),
    ).toEqual([{ kind: 'treat', subject: 'credit', enrolment_id: null, campaign_id: null, step: null }]);
    expect((await offer(id, { treatment: 'credit' })).status).toBe(409);
  });

  it('is another request if one treatment is given as a choice instead of directly', async () => {
    const id = await person();
    const { body: taken } = await offer(id, { treatment: 'credit' });
    expect((await offer(id, { from: ['credit'] })).status).toBe(409);
    expect((await offer(id, { treatment: 'credit' })).body).toEqual(taken);
    const { body: refused } = await offer(id, { reference: 'two', treatment: 'never' });
    expect((await offer(id, { reference: 'two', from: ['never'] })).status).toBe(409);
    expect((await offer(id, { reference: 'two', treatment: 'never' })).body).toEqual(refused);
    const { body: chosen } = await offer(id, { reference: 'three', from: ['never'] });
    expect((await offer(id, { reference: 'three', treatment: 'never' })).status).toBe(409);
    expect((await offer(id, { reference: 'three', from: ['never'] })).body).toEqual(chosen);
  });

  it('is issued once if it is requested twice at once', async () => {
    const id = await person();
    const answers = await Promise.all([1, 2, 3].map(() => offer(id, { treatment: 'credit' })));
    expect(new Set(answers.map(({ body }) => body.offer?.id)).size).toBe(1);
    expect(await query(api.em(), 'select id from offer where customer_id = $1', [id])).toHaveLength(1);
  });

  it('is missing if nothing pays off or the customer is not eligible, with the reason in the decision', async () => {
    const id = await person();
    await makeScore(api.em(), id, 0);
    expect((await offer(id, { from: ['credit'] })).body).toMatchObject({ reasons: ['nothing-pays'], offer: null });
    expect((await offer(id, { reference: 'two', treatment: 'credit' })).body).toMatchObject({ reasons: ['given'] });
    expect((await offer(id, { reference: 'three', treatment: 'never' })).body).toMatchObject({ reasons: ['not-eligible'], offer: null });
  });

  it('is reserved from the named budget, and only up to its limit', async () => {
    const id = await person();
    const campaign = await makeCampaign(api.em(), { budgetCap: 1_500 });
    const budget = () => queryOne(api.em(), 'select budget_reserved as reserved from campaign where id = $1', [campaign.id]);
    const { body } = await offer(id, { treatment: 'credit', budgetOf: campaign.key });
    expect(await budget()).toEqual({ reserved: body.offer?.cost });
    const second = await offer(id, { reference: 'two', treatment: 'credit', budgetOf: campaign.key });
    expect(second.body).toMatchObject({ reasons: ['budget'], offer: null });
    expect(await budget()).toEqual({ reserved: body.offer?.cost });
  });

  it.each([
    [{ from: ['credit'], treatment: 'credit' }, 400],
    [{}, 400],
    [{ treatment: 'unheard-of' }, 400],
    [{ treatment: 'credit', budgetOf: 'unheard-of' }, 400],
    [{ treatment: 'credit', reference: 'desk:1' }, 400],
    [{ treatment: 'credit', reference: 'with space' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await offer(await person(), body)).status).toBe(status);
  });
});

describe('a message outside of every campaign', () => {
  it('is planned in the ledger, by the contact policy, once for each reference', async () => {
    const id = await person('email');
    const made = await offer(id, { treatment: 'credit' });
    const { status, body } = await write(id, { template: 'save-offer', purpose: 'marketing', offer: made.body.offer?.id });
    expect([status, body]).toMatchObject([200, { state: 'planned', message: { channel: 'email', state: 'planned' } }]);
    expect((await write(id, { template: 'save-offer', purpose: 'marketing', offer: made.body.offer?.id })).body).toEqual(body);
    expect((await write(id, { purpose: 'marketing' })).status).toBe(409);
    const { body: shown } = await api.request('GET', `/v1/customers/${id}`);
    expect(shown).toMatchObject({
      offers: [{ reference: 'gift' }, { id: made.body.offer?.id, reference: 'one', enrolmentId: null }],
      messages: [{ id: body.message?.id, reference: 'one', campaignId: null }],
    });
    const { body: list } = await api.request<{ items: object[] }>('GET', `/v1/decisions?customer=${id}`);
    expect(list.items).toMatchObject([
      { kind: 'send', step: null, reference: 'one', occurrence: 1 },
      { kind: 'treat', reference: 'gift' },
      { kind: 'treat', step: null, reference: 'one', occurrence: 0 },
    ]);
  });

  it('without consent is blocked if it is marketing, and sent if it is about the contract', async () => {
    const { id } = await makeCustomer(api.em());
    await makeContactPoint(api.em(), id, 'email', { consent: false });
    expect((await write(id, { purpose: 'marketing' })).body).toMatchObject({ state: 'blocked', reason: 'no-consent', message: null });
    expect((await write(id, { reference: 'two' })).body).toMatchObject({ state: 'planned' });
  });

  it('counts for caps and gaps of later messages, is deferred by them, and is planned again when its time has come', async () => {
    const id = await person('email');
    expect((await write(id, { purpose: 'marketing' })).body.state).toBe('planned');
    const { body: second } = await write(id, { reference: 'two', purpose: 'marketing' });
    expect(second).toMatchObject({ state: 'waiting', message: null });
    expect(new Date(second.dueAt ?? 0).getTime()).toBeGreaterThan(testNow.getTime());
    await planDueRequests(api.em(), tables, testNow);
    expect((await write(id, { reference: 'two', purpose: 'marketing' })).body).toEqual(second);
    await query(api.em(), `update message set state = 'delivered', submitted_at = planned_at where customer_id = $1`, [id]);
    await planDueRequests(api.em(), tables, later(second.dueAt));
    expect((await write(id, { reference: 'two', purpose: 'marketing' })).body).toMatchObject({
      state: 'planned',
      message: { channel: 'email' },
    });
  });

  it('that failed permanently takes the next channel; the last failure ends it', async () => {
    const id = await person('email', 'sms');
    const { body: first } = await write(id, { channel: 'preferred' });
    const fail = (messageId: string | undefined, channel: 'email' | 'sms') =>
      api.em().transactional(async (tx) => {
        const report = { channels: [channel], providerId: `${String(messageId)}-p`, messageId: messageId ?? '', errorCode: null } as const;
        await recordDelivery(tx, { ...report, status: 'bounced', now: testNow }, optOutAtProvider);
      });
    await fail(first.message?.id, first.message?.channel as 'email' | 'sms');
    await planDueRequests(api.em(), tables, later(testNow));
    const { body: second } = await write(id, {});
    expect(second).toMatchObject({ state: 'planned' });
    expect(second.message?.channel).not.toBe(first.message?.channel);
    await fail(second.message?.id, second.message?.channel as 'email' | 'sms');
    await planDueRequests(api.em(), tables, later(testNow));
    expect((await write(id, {})).body).toMatchObject({ state: 'blocked' });
  });

  it('with another end is another message; left out, the end is a week from when it was asked for', async () => {
    const id = await person('email');
    const week = new Date(testNow.getTime() + 7 * day).toISOString();
    const { body } = await write(id, {});
    expect((await write(id, { endsAt: week })).body).toEqual(body);
    expect((await write(id, { endsAt: new Date(testNow.getTime() + day).toISOString() })).status).toBe(409);
    const endsAt = new Date(testNow.getTime() + 2 * day).toISOString();
    const { body: second } = await write(id, { reference: 'two', endsAt });
    expect((await write(id, { reference: 'two', endsAt })).body).toEqual(second);
    expect((await write(id, { reference: 'two' })).status).toBe(409);
  });

  it('on a channel that is not set up is blocked for that reason, and not because an address is missing', async () => {
    const id = await person('email');
    expect((await write(id, { channel: 'whatsapp' })).body).toMatchObject({ state: 'blocked', reason: 'channel-off' });
    expect((await write(id, { reference: 'two', channel: 'sms' })).body).toMatchObject({ state: 'blocked', reason: 'no-address' });
  });

  it('that could not be sent before it ends is not sent at all', async () => {
    const id = await person('email');
    await write(id, { purpose: 'marketing' });
    const endsAt = new Date(testNow.getTime() + 60_000).toISOString();
    expect((await write(id, { reference: 'two', purpose: 'marketing', endsAt })).body).toMatchObject({ state: 'blocked', message: null });
  });

  it.each([
    [{ template: 'unheard-of' }, 400],
    [{ offer: '01995a3e-7c00-7000-8000-000000000006' }, 400],
    [{ endsAt: new Date(testNow.getTime() - day).toISOString() }, 400],
    [{ purpose: 'fun' }, 400],
    [{ channel: 'fax' }, 400],
    [{ reference: 'desk:01995a3e' }, 400],
  ])('refuses %j and requests nothing', async (body, status) => {
    const id = await person('email');
    expect((await write(id, body)).status).toBe(status);
    expect(await query(api.em(), 'select id from message_request where customer_id = $1', [id])).toEqual([]);
  });

  it.each([{}, { template: 'unheard-of' }])('needs a customer before anything else: %j', async (body) => {
    expect((await write('01995a3e-7c00-7000-8000-00000000ffff', body)).status).toBe(404);
  });
});
