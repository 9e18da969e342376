import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCustomer } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('/v1/segments', () => {
  it('names a rule and counts whom it holds for', async () => {
    for (const tenure of [1, 5, 9]) await makeCustomer(api.em(), { tenure });
    const created = await api.request('POST', '/v1/segments', { body: { name: 'Some time', rule: 'customer.tenure >= 5' } });
    expect(created).toMatchObject({ status: 201, body: { name: 'Some time', count: 2 } });
    expect((await api.request('GET', '/v1/segments')).body).toMatchObject({ items: [{ name: 'Some time', count: 2 }], next: null });
  });

  it('refuses a name that is taken', async () => {
    const body = { name: 'Twice', rule: 'customer.tenure >= 5' };
    await api.request('POST', '/v1/segments', { body });
    expect((await api.request('POST', '/v1/segments', { body })).status).toBe(409);
  });

  it.each(['customer.tenure >=', 'customer.tenurre > 3', 'customer.tenure', '1; drop table customer'])(
    'refuses what is no rule, with its place: %s',
    async (rule) => {
      const { status, body } = await api.request<{ places: unknown[] }>('POST', '/v1/segments', { body: { name: rule, rule } });
      expect(status).toBe(400);
      expect(body.places.length).toBeGreaterThan(0);
    },
  );
});
