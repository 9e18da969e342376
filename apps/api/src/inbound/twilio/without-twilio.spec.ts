import { startTestApi, type TestApi } from '../../../../../test/harness/api.js';

describe('without a Twilio account', () => {
  let api: TestApi;
  beforeAll(async () => {
    const none = ['PERENNIAL_TWILIO_ACCOUNT_SID', 'PERENNIAL_TWILIO_AUTH_TOKEN', 'PERENNIAL_TWILIO_FROM'];
    api = await startTestApi({ env: Object.fromEntries(none.map((name) => [name, ''])) });
  });
  afterAll(() => api.close());

  it.each(['inbound', 'status'])('there is no %s webhook', async (hook) => {
    const answer = await api.request('POST', `/hooks/twilio/${hook}`, { key: null, body: 'Body=STOP' });
    expect(answer).toMatchObject({ status: 404, body: { title: 'There is no such webhook' } });
  });

  it('no provider of texts is reported as working', async () => {
    expect(await api.request('GET', '/v1/providers')).toMatchObject({
      body: {
        items: [
          { channel: 'email', setUp: true },
          { channel: 'sms', setUp: false },
          { channel: 'whatsapp', setUp: false },
        ],
      },
    });
  });
});
