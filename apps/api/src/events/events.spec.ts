import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { endDueContracts } from '../../../../libs/customers/contract-status.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeCustomer, makeEnrolment, testNow } from '../../../../test/harness/factories.js';
import { signalsTo } from '../../../../test/harness/signals.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

let count = 0;
const event = (externalId: string, kind: string, more: object = {}) => ({
  externalId,
  kind,
  at: testNow.toISOString(),
  source: 'billing',
  sourceId: String(++count),
  ...more,
});
const send = (...events: object[]) => api.request('POST', '/v1/events', { body: events });
const statusOf = (id: string) =>
  queryOne<{ status: string; churnedAt: Date | null }>(api.em(), 'select status, churned_at as "churnedAt" from customer where id = $1', [
    id,
  ]);
const signalsOf = (enrolmentId: string) => signalsTo(api.em(), enrolmentId);

describe('POST /v1/events', () => {
  it('stores an event once, however often it is sent, also within a batch', async () => {
    const { id, externalId } = await makeCustomer(api.em());
    const usage = event(externalId, 'usage.day');
    expect((await send(usage, usage, { ...event('', 'ticket.opened'), externalId: undefined, customerId: id })).body).toEqual({
      stored: 2,
      duplicates: 1,
      unknown: [],
    });
    expect((await send(usage)).body).toEqual({ stored: 0, duplicates: 1, unknown: [] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => send({ ...usage, sourceId: 'at once' })));
    expect(answers.map(({ body }) => (body as { stored: number }).stored).sort()).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('reports events of unknown customers, and stores the rest', async () => {
    const { externalId } = await makeCustomer(api.em());
    expect((await send(event('nobody', 'usage.day'), event(externalId, 'usage.day'))).body).toEqual({
      stored: 1,
      duplicates: 0,
      unknown: [0],
    });
  });

  it('decides by the latest contract event whether a customer churned, in whatever order they arrive', async () => {
    const { id, externalId } = await makeCustomer(api.em());
    await send(event(externalId, 'contract.ended', { at: '2026-03-01T00:00:00Z' }));
    expect(await statusOf(id)).toEqual({ status: 'churned', churnedAt: new Date('2026-03-01T00:00:00Z') });
    await send(event(externalId, 'contract.renewed', { at: '2026-03-02T00:00:00+02:00' }));
    expect(await statusOf(id)).toEqual({ status: 'renewed', churnedAt: null });
    await send(event(externalId, 'contract.ended', { at: '2026-02-01T00:00:00Z' }));
    expect(await statusOf(id)).toEqual({ status: 'renewed', churnedAt: null });
  });

  describe('notice: the end of a contract that lies in the future', () => {
    const june = '2026-06-30T22:00:00Z';

    it('keeps the customer until its day, and then ends the contract and notifies the journey', async () => {
      const { id, externalId } = await makeCustomer(api.em());
      const open = await makeEnrolment(api.em(), await makeCampaign(api.em()), id);
      expect((await send(event(externalId, 'contract.ended', { at: june }))).status).toBe(200);
      expect(await statusOf(id)).toEqual({ status: 'active', churnedAt: new Date(june) });
      expect(await endDueContracts(api.em(), new Date('2026-06-30T21:59:59Z'))).toBe(0);
      await query(api.em(), 'delete from domain_event');
      expect(await endDueContracts(api.em(), new Date(june))).toBe(1);
      expect(await statusOf(id)).toEqual({ status: 'churned', churnedAt: new Date(june) });
      expect(await signalsOf(open.id)).toEqual([{ kind: 'customer-changed' }]);
    });

    it('is cancelled by a later recorded renewal, also in one batch', async () => {
      const one = await makeCustomer(api.em());
      await send(event(one.externalId, 'contract.ended', { at: june }));
      await send(event(one.externalId, 'contract.renewed'));
      expect(await statusOf(one.id)).toEqual({ status: 'renewed', churnedAt: null });
      const other = await makeCustomer(api.em());
      await send(event(other.externalId, 'contract.ended', { at: june }), event(other.externalId, 'contract.renewed'));
      expect(await statusOf(other.id)).toEqual({ status: 'renewed', churnedAt: null });
      expect(await endDueContracts(api.em(), new Date('2026-07-01T00:00:00Z'))).toBe(0);
    });

    it('is not cancelled by an earlier renewal, and is corrected by another notice', async () => {
      const { id, externalId } = await makeCustomer(api.em());
      await send(event(externalId, 'contract.ended', { at: june }));
      await send(event(externalId, 'contract.renewed', { at: '2025-06-30T22:00:00Z' }));
      expect(await statusOf(id)).toEqual({ status: 'renewed', churnedAt: new Date(june) });
      await send(event(externalId, 'contract.ended', { at: '2026-05-31T22:00:00Z' }));
      expect(await statusOf(id)).toEqual({ status: 'renewed', churnedAt: new Date('2026-05-31T22:00:00Z') });
      await send(event(externalId, 'contract.ended'));
      expect(await statusOf(id)).toEqual({ status: 'churned', churnedAt: testNow });
    });
  });

  it.each(['contract.renewed', 'ticket.opened', 'usage.day', 'constructor'])('refuses a %s in the future', async (kind) => {
    const { id, externalId } = await makeCustomer(api.em());
    const late = event(externalId, kind, { at: '2026-03-02T12:05:01Z' });
    expect(await send(event(externalId, 'usage.day'), late)).toMatchObject({
      status: 400,
      body: { places: [{ where: '1.at', what: 'lies in the future' }] },
    });
    expect(await query(api.em(), 'select from customer_event where customer_id = $1', [id])).toEqual([]);
    expect((await send({ ...late, at: '2026-03-02T12:04:59Z' })).status).toBe(200);
  });

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1899-12-31T23:59:59Z', '2200-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'])(
    'refuses the instant %s, with its place',
    async (at) => {
      const { externalId } = await makeCustomer(api.em());
      expect(await send(event(externalId, 'contract.ended', { at }))).toMatchObject({ status: 400, body: { places: [{ where: '0.at' }] } });
    },
  );

  it('accepts a kind with a name that JavaScript uses', async () => {
    const { id, externalId } = await makeCustomer(api.em());
    const open = await makeEnrolment(api.em(), await makeCampaign(api.em()), id);
    expect((await send(event(externalId, 'constructor'), event(externalId, 'to-string'))).body).toMatchObject({ stored: 2 });
    expect([await statusOf(id), await signalsOf(open.id)]).toEqual([{ status: 'active', churnedAt: null }, []]);
  });

  it('notifies the open treated journeys of a customer who changed, once per event', async () => {
    const em = api.em();
    const { id, externalId } = await makeCustomer(em);
    const open = await makeEnrolment(em, await makeCampaign(em), id);
    const heldOut = await makeEnrolment(em, await makeCampaign(em), id, { arm: 'holdout' });
    const closed = await makeEnrolment(em, await makeCampaign(em), id, { state: 'closed', outcome: 'lapsed' });
    const asksForEvents = await makeEnrolment(em, await makeCampaign(em, { definition: { goal: 'events("usage.day", 3) > 0' } }), id);
    await send(event(externalId, 'usage.day'));
    expect(await signalsOf(open.id)).toEqual([]);
    expect(await signalsOf(asksForEvents.id)).toHaveLength(1);
    const renewal = event(externalId, 'contract.renewed');
    await send(renewal);
    await send(renewal);
    expect(await signalsOf(open.id)).toEqual([{ kind: 'customer-changed' }]);
    expect(await signalsOf(heldOut.id)).toEqual([]);
    expect(await signalsOf(closed.id)).toEqual([]);
  });

  it('accepts a thousand at once, and no more', async () => {
    const { externalId } = await makeCustomer(api.em());
    const many = Array.from({ length: 1000 }, () => event(externalId, 'usage.day'));
    expect((await send(...many)).body).toMatchObject({ stored: 1000 });
    expect((await send(...many, event(externalId, 'usage.day'))).status).toBe(400);
  });

  it('requires one of the customer’s ids, and not both', async () => {
    const { id, externalId } = await makeCustomer(api.em());
    expect((await send({ ...event(externalId, 'usage.day'), customerId: id })).status).toBe(400);
    expect((await send({ ...event(externalId, 'usage.day'), externalId: undefined })).status).toBe(400);
  });
});
