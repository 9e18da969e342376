import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../../../../test/harness/factories.js';
import { signalsTo, waitingEvents } from '../../../../test/harness/signals.js';
import { recordEvents } from '../../../../libs/customers/record-events.js';
import { newId } from '../../../../libs/platform/ids.js';
import type { Customer } from '../../../../libs/customers/customer.entity.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Problem {
  readonly places?: readonly { readonly where: string; readonly what: string }[];
}
const patch = (id: string, body: object) => api.request<Problem>('PATCH', `/v1/customers/${id}`, { body });
const changesOf = async (id: string): Promise<unknown[]> =>
  (await waitingEvents(api.em(), id)).flatMap((event) => (event.kind === 'customer.changed' ? [event.payload.fields] : []));

/** A customer in a campaign whose goal reads the fields that the tests change. */
async function insideCampaign(overrides: Partial<Customer> = {}) {
  const em = api.em();
  const goal = 'customer.contract == "two-year" || customer.plan == "gold" || customer.status == "renewed"';
  const campaign = await makeCampaign(em, { definition: { goal } });
  const customer = await makeCustomer(em, { made: ['name', 'time_zone'], ...overrides });
  const enrolment = await makeEnrolment(em, campaign, customer.id, { step: 'await' });
  return { customer, enrolment };
}

describe('PATCH /v1/customers/{id}', () => {
  it('changes the given fields only, and notifies goals that read them once', async () => {
    const { customer, enrolment } = await insideCampaign({ attributes: { contract: 'month-to-month', partner: true, pet: 'a cat' } });
    const given = { name: 'Ada Berg', locale: 'de', plan: 'gold', attributes: { contract: 'two-year', partner: null, pet: 'two cats' } };
    const { status, body } = await patch(customer.id, given);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ name: 'Ada Berg', locale: 'de', plan: 'gold', monthlyCharge: 3_000, tenure: 12, timeZone: 'Europe/Berlin', status: 'active' },
      ...{ attributes: { contract: 'two-year', pet: 'two cats' }, made: ['time_zone'] },
    });
    expect(await changesOf(customer.id)).toEqual([expect.arrayContaining(['customer.contract', 'customer.plan'])]);
    expect(await signalsTo(api.em(), enrolment.id)).toEqual([{ kind: 'customer-changed' }]);
  });

  it('does nothing the second time', async () => {
    const { customer } = await insideCampaign();
    const given = { plan: 'gold', status: 'renewed', attributes: { contract: 'two-year' } };
    const first = await patch(customer.id, given);
    const before = await changesOf(customer.id);
    expect(await patch(customer.id, given)).toMatchObject({ status: 200, body: first.body });
    expect(await changesOf(customer.id)).toEqual(before);
    expect(await query(api.em(), 'select from customer_event where customer_id = $1', [customer.id])).toHaveLength(1);
  });

  it('changes the status by a contract event of now', async () => {
    const { customer, enrolment } = await insideCampaign();
    expect((await patch(customer.id, { status: 'churned' })).body).toMatchObject({ status: 'churned', churnedAt: testNow.toISOString() });
    expect((await patch(customer.id, { status: 'renewed' })).body).toMatchObject({ status: 'renewed', churnedAt: null });
    expect(await query(api.em(), 'select kind, source from customer_event where customer_id = $1 order by id', [customer.id])).toEqual([
      { kind: 'contract.ended', source: 'api' },
      { kind: 'contract.renewed', source: 'api' },
    ]);
    expect((await signalsTo(api.em(), enrolment.id)).length).toBeGreaterThan(0);
    expect((await patch(customer.id, { status: 'active' })).status).toBe(409);
  });

  it('cancels a notice that was given since the last renewal', async () => {
    const { customer } = await insideCampaign();
    await patch(customer.id, { status: 'renewed' });
    const day = new Date(testNow.getTime() + 86_400_000);
    const notice = { customerId: customer.id, kind: 'contract.ended', at: day, data: {}, source: 'crm', sourceId: newId() };
    await api.em().transactional((tx) => recordEvents(tx, [notice], testNow));
    expect((await patch(customer.id, { plan: 'gold' })).body).toMatchObject({ status: 'renewed', churnedAt: day.toISOString() });
    expect((await patch(customer.id, { status: 'renewed' })).body).toMatchObject({ status: 'renewed', churnedAt: null });
  });

  it('plans messages again if the zone changed', async () => {
    const { customer, enrolment } = await insideCampaign();
    const { id } = await makeMessage(api.em(), enrolment, await makeContactPoint(api.em(), customer.id, 'email'));
    const sendBefore = async () =>
      (await queryOne<{ at: Date }>(api.em(), 'select send_before as at from message where id = $1', [id]))?.at.getTime();
    await patch(customer.id, { name: 'Ada' });
    expect(await sendBefore()).toBeGreaterThan(testNow.getTime());
    await patch(customer.id, { timeZone: 'Asia/Tokyo' });
    expect(await sendBefore()).toBe(testNow.getTime());
  });

  it.each<[string, object, string[]]>([
    [
      'a value that its attribute cannot have',
      { attributes: { contract: 'forever', partner: 'yes' } },
      ['attributes.contract', 'attributes.partner'],
    ],
    ['a mistake in the name of an attribute', { attributes: { contrct: 'two-year' } }, ['attributes.contrct']],
    ['a column as an attribute', { attributes: { plan: 'gold' } }, ['attributes.plan']],
    ['a zone, a locale, a status that are none', { timeZone: 'Mars/Base', locale: '??', status: 'gone' }, ['timeZone', 'locale', 'status']],
    ['a charge without a currency', { currency: null }, ['currency']],
    ['what cannot be changed so', { externalId: 'other' }, ['externalId']],
  ])('refuses %s, and changes nothing', async (_what, given, places) => {
    const { customer } = await insideCampaign();
    const { status, body } = await patch(customer.id, { ...given, name: 'Somebody' });
    expect(status).toBe(400);
    expect(body.places?.map(({ where }) => where).sort()).toEqual([...places].sort());
    expect(await queryOne(api.em(), 'select name from customer where id = $1', [customer.id])).toEqual({ name: customer.name });
    expect(await changesOf(customer.id)).toEqual([]);
  });

  it('never leaves more than 500 attributes, counting unchanged ones, and removes any number of them', async () => {
    const { customer } = await insideCampaign({ attributes: {} });
    const named = (letter: string, count: number, value: number | null) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${letter}${String(index)}`, value]));
    expect((await patch(customer.id, { attributes: named('a', 500, 1) })).status).toBe(200);
    const { status, body } = await patch(customer.id, { attributes: named('b', 1, 1) });
    expect([status, body.places?.[0]?.where]).toEqual([400, 'attributes']);
    expect((await patch(customer.id, { attributes: { ...named('a', 500, null), ...named('b', 300, 1) } })).status).toBe(200);
    // From before the limit was kept.
    const many = { ...named('c', 800, 1), d: 1 };
    await query(api.em(), 'update customer set attributes = $2 where id = $1', [customer.id, JSON.stringify(many)]);
    expect((await patch(customer.id, { plan: 'gold', attributes: { d: 2 } })).status).toBe(200);
    expect((await patch(customer.id, { attributes: { e: 1 } })).status).toBe(400);
    expect(await patch(customer.id, { attributes: named('c', 800, null) })).toMatchObject({ status: 200, body: { attributes: { d: 2 } } });
  });

  it('is not for somebody who was erased', async () => {
    const { customer } = await insideCampaign();
    await api.request('DELETE', `/v1/customers/${customer.id}`);
    expect((await patch(customer.id, { name: 'Ada' })).status).toBe(404);
  });
});
