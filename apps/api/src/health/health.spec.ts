import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('health', () => {
  it('is live whatever else is down, and ready when everything is up', async () => {
    expect(await api.request('GET', '/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
    api.setReady(false);
    expect(await api.request('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { ready: false, postgresql: true, temporal: false },
    });
    expect(await api.request('GET', '/health/live')).toMatchObject({ status: 200, body: { live: true } });
  });
});
