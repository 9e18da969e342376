import { query } from '../../../../libs/persistence/sql.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const customer = (externalId: string) => ({ externalId, monthlyCharge: 2985, currency: 'EUR', tenure: 14 });
const create = (key: string, externalId: string) =>
  api.request<{ id: string; remedy?: string }>('POST', '/v1/customers', {
    body: customer(externalId),
    headers: { 'idempotency-key': key },
  });
const count = async (externalId: string) => (await query(api.em(), 'select 1 from customer where external_id = $1', [externalId])).length;

describe('an Idempotency-Key', () => {
  it('gives the same request the same answer', async () => {
    const first = await create('one', 'a');
    const again = await create('one', 'a');
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('does the work once for concurrent requests; one that came too early must try again', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('many', 'b')));
    expect(await count('b')).toBe(1);
    const done = answers.filter(({ status }) => status === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
    for (const { body } of answers.filter(({ status }) => status === 409)) expect(body.remedy).toContain('Try again');
    expect((await create('many', 'b')).body.id).toBe(done[0]?.body.id);
  });

  it('is refused with another request', async () => {
    await create('two', 'c');
    const { status, body } = await create('two', 'd');
    expect(status).toBe(409);
    expect(body).toMatchObject({ title: 'This Idempotency-Key belongs to another request' });
    expect(await count('d')).toBe(0);
  });

  it('may be used again after a request that failed', async () => {
    const key = { 'idempotency-key': 'three' };
    expect(
      (
        await api.request('POST', '/v1/customers', {
          body: { ...customer('e'), contactPoints: [{ channel: 'sms', address: 'none' }] },
          headers: key,
        })
      ).status,
    ).toBe(400);
    expect((await create('three', 'e')).status).toBe(201);
  });

  it('has at most 200 characters', async () => {
    expect((await create('x'.repeat(201), 'f')).status).toBe(400);
  });
});
