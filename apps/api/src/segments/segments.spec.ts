import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCustomer } from '../../../../test/harness/factories.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { query } from '../../../../libs/persistence/sql.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('/v1/segments', () => {
  it('names a rule and counts its customers', async () => {
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

  it.each(['customer.tenure >=', 'score.churn > 50', 'customer.tenurre > 3', 'customer.tenure', '1; drop table customer'])(
    'refuses an invalid rule, with its place: %s',
    async (rule) => {
      const { status, body } = await api.request<{ places: unknown[] }>('POST', '/v1/segments', { body: { name: rule, rule } });
      expect(status).toBe(400);
      expect(body.places.length).toBeGreaterThan(0);
    },
  );
});

describe('while rules are counted over all customers', () => {
  it('webhooks are answered, and no count continues for a caller who has gone', async () => {
    const hook = await startTestApi();
    try {
      const em = hook.em();
      await makeCustomer(em);
      await hook.request('POST', '/v1/segments', { body: { name: 'Slow', rule: 'score.churn > 0.5' } });
      const counting = async (): Promise<number> =>
        (
          await query(
            hook.em(),
            `select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like '%from score s%' and pid <> pg_backend_pid()`,
          )
        ).length;
      await em.transactional(async (tx) => {
        // Readers of scores wait until the end of this transaction, like in an endless count.
        await query(tx, 'lock table score in access exclusive mode');
        const callers = new AbortController();
        const left = Array.from({ length: 40 }, () =>
          fetch(`${hook.url}/v1/segments`, { headers: { authorization: `Bearer ${hook.key}` }, signal: callers.signal }).catch(
            () => undefined,
          ),
        );
        await waitFor(async () => (await counting()) === 2);
        const answered = await fetch(`${hook.url}/hooks/twilio/status`, {
          method: 'POST',
          body: new URLSearchParams({ MessageSid: 'SM1' }),
        });
        expect(answered.status).toBe(403);
        const page = await fetch(`${hook.url}/u/nothing`);
        expect(page.status).toBeLessThan(500);
        // The request handlers' own pool: more callers wait than it has connections.
        expect(await query(hook.em(), 'select 1 as one')).toHaveLength(1);
        callers.abort();
        await Promise.all(left);
        await waitFor(async () => (await counting()) === 0);
      });
      expect((await hook.request('GET', '/v1/segments')).body).toMatchObject({ items: [{ count: 0 }] });
    } finally {
      await hook.close();
    }
  });
});
