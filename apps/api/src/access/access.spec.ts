import { query } from '../../../../libs/persistence/sql.js';
import { createApiKey, revokeApiKey } from '../../../../libs/access/api-keys.js';
import { openSession } from '../../../../libs/access/sessions.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const cookieOf = (headers: Headers): string => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const signIn = async (key: string): Promise<string> =>
  cookieOf((await api.request('POST', '/v1/session', { key: null, body: { key }, headers: { 'sec-fetch-site': 'same-origin' } })).headers);

describe('a key', () => {
  it('gives access to the api', async () => {
    expect((await api.request('GET', '/v1/customers')).status).toBe(200);
  });

  it.each([null, 'nonsense', `pk_${'x'.repeat(43)}`])('is required: %j', async (key) => {
    const { status, headers, body } = await api.request('GET', '/v1/customers', { key });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(body).toMatchObject({ type: 'urn:perennial:problem:unauthenticated', status: 401 });
  });

  it('is required for every way to write the path', async () => {
    expect((await api.request('GET', '/V1/customers', { key: null })).status).toBe(401);
    expect((await api.request('GET', '/v1/customers/', { key: null })).status).toBe(401);
  });

  it('gives no access after it is revoked, and neither do its sessions', async () => {
    const { id, key } = await createApiKey(api.em(), 'old', testNow);
    const cookie = await signIn(key);
    expect((await api.request('GET', '/v1/customers', { key: null, headers: { cookie } })).status).toBe(200);
    await revokeApiKey(api.em(), id, testNow);
    expect((await api.request('GET', '/v1/customers', { key })).status).toBe(401);
    expect((await api.request('GET', '/v1/customers', { key: null, headers: { cookie } })).status).toBe(401);
  });
});

describe('a session', () => {
  const segment = (name: string) => ({ name, rule: 'customer.tenure > 1' });

  it('is a cookie that scripts and other sites cannot use', async () => {
    const { status, headers } = await api.request('POST', '/v1/session', { key: null, body: { key: api.key } });
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toMatch(/^perennial_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('is not opened by a wrong key, or from another site', async () => {
    expect((await api.request('POST', '/v1/session', { key: null, body: { key: 'wrong' } })).status).toBe(401);
    const foreign = { key: null, body: { key: api.key }, headers: { origin: 'https://evil.test' } };
    expect((await api.request('POST', '/v1/session', foreign)).status).toBe(403);
  });

  it.each([
    ['says it is the same origin', { 'sec-fetch-site': 'same-origin' }, 201],
    ['names the public address as its origin', { origin: 'http://perennial.test' }, 201],
    ['comes from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['comes from a sibling site', { 'sec-fetch-site': 'same-site' }, 403],
    ['names another origin', { origin: 'https://evil.test' }, 403],
    ['names no origin', {}, 403],
  ])('changes things where the request %s or not at all', async (name, headers, expected) => {
    const cookie = await signIn(api.key);
    const { status } = await api.request('POST', '/v1/segments', { key: null, body: segment(name), headers: { cookie, ...headers } });
    expect(status).toBe(expected);
  });

  it('reads without saying where it comes from', async () => {
    expect((await api.request('GET', '/v1/segments', { key: null, headers: { cookie: await signIn(api.key) } })).status).toBe(200);
  });

  it('is not valid if its cookie was changed or made up', async () => {
    const cookie = await signIn(api.key);
    const [name = '', value = ''] = cookie.split('=');
    const [keyId = '', rest = ''] = decodeURIComponent(value).split(':');
    const later = `${keyId}:9${rest}`;
    for (const forged of [later, `${keyId}:9999999999999.${'0'.repeat(32)}`, '', 'x', '%00']) {
      expect((await api.request('GET', '/v1/segments', { key: null, headers: { cookie: `${name}=${forged}` } })).status).toBe(401);
    }
  });

  const signOut = (cookie: string) =>
    api.request('DELETE', '/v1/session', { key: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } });
  const reads = async (cookie: string) => (await api.request('GET', '/v1/segments', { key: null, headers: { cookie } })).status;

  it('ends: a copy of its cookie gives no access', async () => {
    const cookie = await signIn(api.key);
    expect(await reads(cookie)).toBe(200);
    const { status, headers: answered } = await signOut(cookie);
    expect(status).toBe(200);
    expect(answered.get('set-cookie')).toContain('Max-Age=0');
    expect(await reads(cookie)).toBe(401);
    expect((await signOut(cookie)).status).toBe(401);
  });

  it('ends alone: other sessions of the same key, and the key itself, stay valid', async () => {
    const [one, other] = [await signIn(api.key), await signIn(api.key)];
    expect((await signOut(one)).status).toBe(200);
    expect(await reads(other)).toBe(200);
    expect((await api.request('GET', '/v1/segments')).status).toBe(200);
  });

  it('that has expired is deleted when the next one is opened', async () => {
    await openSession(api.em(), api.keyId, new Date(Date.now() - 13 * 3_600_000));
    await signIn(api.key);
    const [row] = await query<{ over: number }>(api.em(), 'select count(*) as over from session where ends_at < now()');
    expect(row?.over).toBe(0);
  });
});

describe('outside /v1', () => {
  it.each(['/health/live', '/health/ready', '/openapi.json', '/docs'])('%s needs no key', async (path) => {
    expect((await api.request('GET', path, { key: null })).status).toBe(200);
  });
});
