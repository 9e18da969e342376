import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, testNow } from '../../../../test/harness/factories.js';
import { query } from '../../../../libs/persistence/sql.js';
import { clearAlert, raiseAlert } from '../../../../libs/access/alerts.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Page {
  readonly items: readonly {
    readonly kind: string;
    readonly subject: string;
    readonly title: string | null;
    readonly clearedAt: string | null;
  }[];
  readonly next: string | null;
}
const list = async (search = ''): Promise<Page> => (await api.request<Page>('GET', `/v1/alerts${search}`)).body;

describe('alerts', () => {
  it('lists open ones first, page by page, with the title of a campaign', async () => {
    const em = api.em();
    const { id } = await makeCampaign(em, { title: 'Save at risk' });
    const later = new Date(testNow.getTime() + 60_000);
    expect(await raiseAlert(em, { kind: 'campaign-paused', subject: id, detail: 'Too many came back.' }, testNow)).toBe(true);
    expect(await raiseAlert(em, { kind: 'campaign-paused', subject: id, detail: 'Once more.' }, later)).toBe(false);
    for (const subject of ['email', 'sms']) await raiseAlert(em, { kind: 'provider-down', subject, detail: 'ECONNRESET' }, testNow);
    expect(await clearAlert(em, 'provider-down', 'sms', later)).toBe(true);
    expect(await clearAlert(em, 'provider-down', 'sms', later)).toBe(false);
    await raiseAlert(em, { kind: 'provider-down', subject: 'sms', detail: 'ECONNRESET' }, later);
    await clearAlert(em, 'provider-down', 'sms', later);

    const { items, next } = await list();
    expect(items.map(({ subject, clearedAt }) => [subject, clearedAt !== null])).toEqual([
      ['email', false],
      [id, false],
      ['sms', true],
      ['sms', true],
    ]);
    expect(items[1]).toMatchObject({ title: 'Save at risk', detail: 'Too many came back.', raisedAt: testNow.toISOString() });
    expect(next).toBeNull();
    expect((await list('?open=true')).items).toHaveLength(2);
    expect((await list('?open=false')).items).toHaveLength(2);

    const first = await list('?limit=3');
    const second = await list(`?limit=3&cursor=${first.next ?? ''}`);
    expect([...first.items, ...second.items]).toEqual(items);
    expect(await api.request('GET', '/v1/alerts?open=perhaps')).toMatchObject({ status: 400 });
    expect(await api.request('GET', '/v1/alerts', { key: null })).toMatchObject({ status: 401 });
  });
});

describe('providers', () => {
  it('shows for every channel the state of its provider', async () => {
    await query(
      api.em(),
      `insert into provider (channel, breaker, open_until, trips, tokens, refilled_at)
       values ('email', 'open', clock_timestamp() + interval '1 minute', 3, 0, clock_timestamp() + interval '1 minute')`,
    );
    expect(await api.request('GET', '/v1/providers')).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            channel: 'email',
            setUp: true,
            breaker: 'open',
            retryAt: expect.any(String) as string,
            trips: 3,
            pausedUntil: expect.any(String) as string,
            ratePerSecond: 500,
          },
          { channel: 'sms', setUp: true, breaker: 'closed', retryAt: null, trips: 0, pausedUntil: null, ratePerSecond: 100 },
          { channel: 'whatsapp', setUp: false, breaker: 'closed' },
        ],
        next: null,
      },
    });
  });
});
