import { publish } from '../../../../libs/publishing/publish.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { shippedDocuments } from '../../../../test/harness/content.js';
import { makeCampaign, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const upgrade = 'treatments/free-upgrade.yaml';
const documents = async (others: Readonly<Record<string, string | undefined>> = {}) => Object.fromEntries(await shippedDocuments(others));
const post = (body: unknown, headers = {}) =>
  api.request<{ version: number; created: boolean; changes: unknown[] }>('POST', '/v1/publications', { body, headers });

describe('publications', () => {
  it('are published, listed with their author, read, and rolled back', async () => {
    const removed = await documents({ [upgrade]: undefined });
    const changes = [{ path: upgrade, change: 'removed' }];
    expect((await post({ documents: removed, dryRun: true })).body).toEqual({ version: 1, created: false, changes });
    const headers = { 'idempotency-key': 'publish once' };
    const first = await post({ documents: removed, onto: 1, note: 'No upgrades' }, headers);
    expect([first.status, first.body]).toEqual([201, { version: 2, created: true, changes }]);
    expect((await post({ documents: removed, onto: 1, note: 'No upgrades' }, headers)).body).toEqual(first.body);

    const treatments = async () => (await api.request<{ items: unknown[] }>('GET', '/v1/treatments')).body.items.length;
    expect(await treatments()).toBe(2);
    expect((await api.request('GET', '/v1/publications/files')).body).toEqual({ changes: [{ path: upgrade, change: 'added' }] });
    const list = await api.request<{ items: unknown[]; next: string | null }>('GET', '/v1/publications?limit=1');
    expect(list.body).toMatchObject({ items: [{ version: 2, author: 'test', note: 'No upgrades', changes }], next: '2' });
    expect((await api.request('GET', '/v1/publications?limit=1&cursor=2')).body).toMatchObject({ items: [{ version: 1 }], next: null });
    const one = await api.request<{ documents: { path: string }[] }>('GET', '/v1/publications/2');
    expect(one.body.documents.map(({ path }) => path)).not.toContain(upgrade);

    expect((await post({ rollback: 1 })).body).toMatchObject({ version: 3, created: true });
    expect(await treatments()).toBe(3);
    expect((await api.request('GET', '/v1/publications/files')).body).toEqual({ changes: [] });
  });

  it.each([
    ['an error in a document', { documents: { 'attributes.yaml': 'attributes: [' } }, 400],
    ['nothing', {}, 400],
    ['no documents', { documents: {} }, 400],
    ['documents and a rollback at once', { documents: {}, rollback: 1 }, 400],
    ['a path out of the folder', { documents: { '../../etc/passwd': 'x' } }, 400],
    ['a version that never existed', { rollback: 99 }, 404],
    ['a version below one', { rollback: 0 }, 400],
    ['what was not seen', { rollback: 1, onto: 0 }, 409],
  ])('are refused with %s', async (_, body, status) => {
    const before = (await api.request<{ items: unknown[] }>('GET', '/v1/publications')).body.items.length;
    expect((await post(body)).status).toBe(status);
    expect((await api.request<{ items: unknown[] }>('GET', '/v1/publications')).body.items.length).toBe(before);
  });

  it.each([
    [{ documents: { a: 1 } }, 'documents.a', 'must be a text'],
    [{}, 'the body', 'needs documents, or rollback'],
    [{ rollback: '1' }, 'rollback', 'must be a whole number; write 1'],
    [null, 'the body', 'must be a JSON object'],
  ])('are refused with the place and the reason: %j', async (body, where, what) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { places: [{ where, what }] } });
  });

  it('may be larger than other requests, up to what a publication may hold, whatever JSON makes of it', async () => {
    const comment = `# ${'\u00e9'.repeat(190_000)}\n`;
    const large = (paths: number) =>
      Object.fromEntries(Array.from({ length: paths }, (_, index) => [`treatments/${String(index)}.yaml`, comment]));
    // In ASCII alone, each of these characters takes six bytes.
    const escaped = JSON.stringify({ documents: { ...(await documents()), ...large(9) }, dryRun: true }).replaceAll('\u00e9', '\\u00e9');
    expect(escaped.length).toBeGreaterThan(10_000_000);
    const errors = await api.request<{ title: string }>('POST', '/v1/publications', { body: escaped });
    // It was read whole: what is refused is that a comment is no treatment.
    expect([errors.status, errors.body.title]).toEqual([400, 'The content has errors']);
    expect(await post({ documents: large(12) })).toMatchObject({ status: 413, body: { title: 'This is too large to be published' } });
    const remedy = expect.stringContaining('Shorten the largest documents') as string;
    const body = { documents: large(1), note: 'x'.repeat(15_000_000) };
    expect(await post(body)).toMatchObject({ status: 413, body: { title: 'The body is too large', remedy } });
    expect((await api.request('POST', '/v1/publications', { body, key: 'pk_none' })).status).toBe(401);
  });

  it('need a key, and a valid version', async () => {
    expect((await api.request('GET', '/v1/publications', { key: null })).status).toBe(401);
    expect((await api.request('GET', '/v1/publications/none')).status).toBe(400);
    expect((await api.request('GET', '/v1/publications/99')).status).toBe(404);
    expect((await api.request('GET', '/v1/publications?cursor=x')).status).toBe(400);
  });

  it('reach a running campaign when it is repinned, and never a draft', async () => {
    const { id } = await makeCampaign(api.em());
    const draft = await makeCampaign(api.em(), { state: 'draft', launchedAt: null });
    const { version } = await publish(
      api.em(),
      { documents: await shippedDocuments({ [upgrade]: undefined }), author: 'a test' },
      'en',
      testNow,
    );
    expect((await api.request('POST', `/v1/campaigns/${id}/repin`)).body).toEqual({ id, publication: version });
    expect((await api.request('GET', `/v1/campaigns/${id}/versions`)).body).toMatchObject({
      items: [{ version: 1, publication: version }],
    });
    expect((await api.request('POST', `/v1/campaigns/${draft.id}/repin`)).status).toBe(409);
  });
});
