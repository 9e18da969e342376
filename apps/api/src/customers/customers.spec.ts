import { query } from '../../../../libs/persistence/sql.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeScore,
  testNow,
} from '../../../../test/harness/factories.js';
import { newId } from '../../../../libs/platform/ids.js';
import { signalsTo } from '../../../../test/harness/signals.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Page {
  readonly items: { readonly id: string; readonly externalId: string }[];
  readonly next: string | null;
}
const body = (externalId: string, more: object = {}) => ({ externalId, monthlyCharge: 2985, currency: 'EUR', tenure: 14, ...more });

describe('POST and GET /v1/customers', () => {
  it('stores a customer with addresses and consents, and shows them', async () => {
    const given = body('new-1', {
      name: 'Ada Berg',
      timeZone: 'Europe/Berlin',
      attributes: { contract: 'month-to-month', senior_citizen: false },
      contactPoints: [
        { channel: 'email', address: ' Ada@Example.com ' },
        { channel: 'sms', address: '+49 151 12345678' },
      ],
      consents: [{ channel: 'email', granted: true, wordingVersion: '2026-01' }],
    });
    const created = await api.request<{ id: string }>('POST', '/v1/customers', { body: given });
    expect(created.status).toBe(201);
    const { body: shown } = await api.request('GET', `/v1/customers/${created.body.id}`);
    expect(shown).toMatchObject({
      name: 'Ada Berg',
      status: 'active',
      attributes: { contract: 'month-to-month', senior_citizen: false },
      contactPoints: [
        { channel: 'email', address: 'Ada@Example.com', marketing: true, suppressed: null },
        { channel: 'sms', address: '+4915112345678', marketing: false, suppressed: null },
      ],
      consents: [{ channel: 'email', purpose: 'marketing', granted: true, actor: `api-key:${api.keyId}` }],
    });
  });

  it('refuses an external id that is taken and an invalid address, and then stores nothing', async () => {
    await api.request('POST', '/v1/customers', { body: body('taken') });
    expect((await api.request('POST', '/v1/customers', { body: body('taken') })).status).toBe(409);
    const wrong = body('halfway', {
      contactPoints: [
        { channel: 'email', address: 'nobody' },
        { channel: 'sms', address: 'nothing' },
      ],
    });
    const { status, body: problem } = await api.request<{ places: { where: string }[] }>('POST', '/v1/customers', { body: wrong });
    expect(status).toBe(400);
    expect(problem.places.map(({ where }) => where)).toEqual(['contactPoints.0.address', 'contactPoints.1.address']);
    const consent = body('halfway', { consents: [{ channel: 'sms', granted: true, wordingVersion: '1' }] });
    expect((await api.request('POST', '/v1/customers', { body: consent })).status).toBe(409);
    expect(await query(api.em(), `select 1 from customer where external_id = 'halfway'`)).toHaveLength(0);
  });

  it('reads ids and addresses like an import, and keeps the form that messages are sent to', async () => {
    const given = body('\u200Bread-1 ', {
      contactPoints: [
        { channel: 'email', address: 'Ada Berg <info@bücher-beispiel.de>' },
        { channel: 'sms', address: "'+52 1 55 1234 5678" },
      ],
    });
    const created = await api.request<{ id: string }>('POST', '/v1/customers', { body: given });
    expect(created).toMatchObject({
      status: 201,
      body: { externalId: 'read-1', contactPoints: [{ address: 'info@bücher-beispiel.de' }, { address: '+5215512345678' }] },
    });
    expect((await api.request('POST', '/v1/customers', { body: body('read\uFEFF-1') })).status).toBe(409);
    const event = { externalId: 'read-\u00AD1', kind: 'ticket.opened', at: '2026-03-01T12:00:00Z', source: 'desk', sourceId: 'read-1' };
    expect(await api.request('POST', '/v1/events', { body: [event] })).toMatchObject({ body: { stored: 1, unknown: [] } });
  });

  it.each(['call me at +44 7700 900125 after six', '+44 7700 900125 ext 3', '4.47701E+11', '07700 900125'])(
    'refuses %j as a number, with its place',
    async (address) => {
      const { status, body: problem } = await api.request<{ places: object[] }>('POST', '/v1/customers', {
        body: body('no-number', { contactPoints: [{ channel: 'sms', address }] }),
      });
      expect([status, problem.places]).toMatchObject([400, [{ where: 'contactPoints.0.address' }]]);
    },
  );

  it.each(['BST', 'EST', 'GMT+2', 'Etc/GMT-3', 'CET', 'UTC', '+02:00', 'Mars/Olympus'])('refuses %s as a time zone', async (timeZone) => {
    const { status, body: problem } = await api.request<{ places: object[] }>('POST', '/v1/customers', {
      body: body('no-zone', { timeZone }),
    });
    expect([status, problem.places]).toMatchObject([400, [{ where: 'timeZone', what: expect.stringContaining('IANA') as string }]]);
  });

  it('stores a time zone by the name that IANA gives it', async () => {
    const created = await api.request('POST', '/v1/customers', { body: body('old-zone', { timeZone: 'asia/calcutta' }) });
    expect(created).toMatchObject({ status: 201, body: { timeZone: 'Asia/Kolkata' } });
  });

  it('says what keeps messages from each address, by purpose', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    await makeContactPoint(em, customer.id, 'email', { deadAt: testNow });
    const sms = await makeContactPoint(em, customer.id, 'sms');
    await makeContactPoint(em, customer.id, 'whatsapp', { consent: false });
    await query(em, `insert into suppression (id, channel, address_hash, reason, at) values ($1, 'sms', $2, 'complaint', $3)`, [
      newId(),
      sms.addressHash,
      testNow,
    ]);
    const { body: shown } = await api.request('GET', `/v1/customers/${customer.id}`);
    expect(shown).toMatchObject({
      titles: { contract: 'How long the customer is bound' },
      contactPoints: [
        { channel: 'email', restrictions: { marketing: ['dead-address'], service: ['dead-address'] } },
        { channel: 'sms', suppressed: 'complaint', restrictions: { marketing: ['suppressed'], service: ['suppressed'] } },
        { channel: 'whatsapp', restrictions: { marketing: ['no-consent'], service: [] } },
      ],
    });
  });

  it('shows scores and enrolments', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    const campaign = await makeCampaign(em);
    await makeScore(em, customer.id, 0.7);
    await makeEnrolment(em, campaign, customer.id);
    const { body: shown } = await api.request('GET', `/v1/customers/${customer.id.toUpperCase()}`);
    expect(shown).toMatchObject({
      scores: [{ kind: 'churn', title: 'Likelihood of leaving', range: { least: 0, most: 1 }, value: 0.7 }],
      enrolments: [{ campaign: { key: campaign.key }, state: 'entered' }],
    });
  });

  it('refuses an unknown parameter, so that nobody takes the first of all customers for the requested one', async () => {
    const { status, body } = await api.request('GET', '/v1/customers?externalId=FIT-0021');
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('externalId');
  });

  it('returns only the customers of a segment', async () => {
    await makeCustomer(api.em(), { externalId: 'long', tenure: 700 });
    const segment = await api.request<{ id: string }>('POST', '/v1/segments', { body: { name: 'long', rule: 'customer.tenure > 600' } });
    const { body: page } = await api.request<Page>('GET', `/v1/customers?segment=${segment.body.id}&status=active`);
    expect(page.items.map(({ externalId }) => externalId)).toEqual(['long']);
    expect((await api.request('GET', `/v1/customers?segment=${newId()}`)).status).toBe(404);
  });
});

describe('pages', () => {
  it('contain every row once, whatever is added in the meantime', async () => {
    const em = api.em();
    const made: string[] = [];
    for (let i = 0; i < 25; i += 1) made.push((await makeCustomer(em, { status: 'churned' })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body: page }: { body: Page } = await api.request<Page>(
        'GET',
        `/v1/customers?status=churned&limit=7${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
      await makeCustomer(em, { status: 'churned' });
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
  });
});

describe('POST /v1/customers/{id}/consents', () => {
  const consent = (id: string, granted: boolean, at?: string) =>
    api.request('POST', `/v1/customers/${id}/consents`, { body: { channel: 'email', granted, wordingVersion: '1', at } });
  const marketing = async (id: string): Promise<unknown> =>
    (await api.request<{ contactPoints: { marketing: boolean }[] }>('GET', `/v1/customers/${id}`)).body.contactPoints[0]?.marketing;

  it.each(['2027-01-01T00:00:00Z', '2026-03-02T12:05:01Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'refuses the instant %s, here and with a new customer',
    async (at) => {
      const customer = await makeCustomer(api.em());
      await makeContactPoint(api.em(), customer.id, 'email', { consent: false });
      for (const granted of [true, false]) {
        expect(await consent(customer.id, granted, at)).toMatchObject({ status: 400, body: { places: [{ where: 'at' }] } });
      }
      const points = { contactPoints: [{ channel: 'email', address: 'ada@example.com' }] };
      const said = [
        { channel: 'email', granted: true, wordingVersion: '1' },
        { channel: 'email', granted: true, wordingVersion: '1', at },
      ];
      const created = await api.request('POST', '/v1/customers', { body: body(`ahead-${at}`, { ...points, consents: said }) });
      expect(created).toMatchObject({ status: 400, body: { places: [{ where: 'consents.1.at' }] } });
    },
  );

  it('counts a withdrawal that comes after a grant from a clock that is ahead', async () => {
    const customer = await makeCustomer(api.em());
    await makeContactPoint(api.em(), customer.id, 'email', { consent: false });
    expect((await consent(customer.id, true, '2026-03-02T12:04:59Z')).status).toBe(201);
    expect(await marketing(customer.id)).toBe(true);
    expect((await consent(customer.id, false)).status).toBe(201);
    expect(await marketing(customer.id)).toBe(false);
  });

  it.each([
    ['now', undefined],
    ['at an instant', '2026-03-02T11:59:00Z'],
  ])('counts a withdrawal %s against a stored grant that is dated next year', async (_, at) => {
    const customer = await makeCustomer(api.em());
    const point = await makeContactPoint(api.em(), customer.id, 'email');
    await query(api.em(), `update consent_event set at = '2027-01-01' where address_hash = $1`, [point.addressHash]);
    await consent(customer.id, false, at);
    expect(await marketing(customer.id)).toBe(false);
    await consent(customer.id, true);
    expect(await marketing(customer.id)).toBe(true);
  });

  it('withdraws, together with planned messages on that channel', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    const email = await makeContactPoint(em, customer.id, 'email');
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
    await makeMessage(em, enrolment, email);
    const withdrawal = { channel: 'email', granted: false, wordingVersion: '1' };
    const answered = await api.request('POST', `/v1/customers/${customer.id}/consents`, { body: withdrawal });
    expect(answered).toMatchObject({ status: 201, body: { withdrawnMessages: 1 } });
    const { body: shown } = await api.request('GET', `/v1/customers/${customer.id}`);
    expect(shown).toMatchObject({ contactPoints: [{ channel: 'email', marketing: false }] });
    expect(await query(em, 'select state from message where customer_id = $1', [customer.id])).toEqual([{ state: 'withdrawn' }]);
  });

  it('withdraws only messages for the purpose that has ended, and notifies their journey', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    const email = await makeContactPoint(em, customer.id, 'email');
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
    const offer = await makeMessage(em, enrolment, email);
    const bill = await makeMessage(em, enrolment, email, { purpose: 'service', step: 'bill' });
    const withdraw = (purpose: string): Promise<unknown> =>
      api.request('POST', `/v1/customers/${customer.id}/consents`, {
        body: { channel: 'email', purpose, granted: false, wordingVersion: '1' },
      });
    const planned = (): Promise<object[]> =>
      query(em, `select id from message where customer_id = $1 and state = 'planned'`, [customer.id]);
    expect(await withdraw('marketing')).toMatchObject({ status: 201, body: { withdrawnMessages: 1 } });
    expect(await planned()).toEqual([{ id: bill.id }]);
    expect(await withdraw('service')).toMatchObject({ status: 201, body: { withdrawnMessages: 1 } });
    expect(await planned()).toEqual([]);
    expect(await signalsTo(em, enrolment.id)).toMatchObject(
      [offer.id, bill.id].sort().map((messageId) => ({ kind: 'message-failed', messageId })),
    );
  });

  it('needs an address and a customer', async () => {
    const grant = { channel: 'sms', granted: true, wordingVersion: '1' };
    const customer = await makeCustomer(api.em());
    expect((await api.request('POST', `/v1/customers/${customer.id}/consents`, { body: grant })).status).toBe(409);
    expect((await api.request('POST', `/v1/customers/${newId()}/consents`, { body: grant })).status).toBe(404);
  });
});
