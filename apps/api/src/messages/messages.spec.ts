import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '../../../../libs/platform/ids.js';
import { startTestApi, testEnvironment, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../../../../test/harness/factories.js';
import { resource } from '../../../../test/harness/resource.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function unknown(): Promise<string> {
  const em = api.em();
  const customer = await makeCustomer(em);
  const point = await makeContactPoint(em, customer.id, 'email');
  const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
  const ambiguous = { errorClass: 'ambiguous', errorCode: 'ECONNECTION' };
  return (await makeMessage(em, enrolment, point, { state: 'unknown', submittedAt: testNow, settledAt: testNow, ...ambiguous })).id;
}

interface Page {
  readonly items: { readonly id: string; readonly searchFor: string | null; readonly settledBy: string | null }[];
}
const list = async (state: string) => (await api.request<Page>('GET', `/v1/messages?state=${state}`)).body.items;

describe('unknown messages', () => {
  it('are listed with a search term, and settled by an operator, who is named', async () => {
    const [sent, not] = [await unknown(), await unknown()];
    expect(await list('unknown')).toEqual(
      expect.arrayContaining(
        [sent, not].map((id) => expect.objectContaining({ id, searchFor: `${id}@reply.example.test`, settledBy: null }) as unknown),
      ),
    );
    const answer = await api.request('POST', `/v1/messages/${sent}/settle`, { body: { as: 'sent' } });
    expect(answer).toMatchObject({ status: 200, body: { id: sent, state: 'accepted', settledBy: `api-key:${api.keyId}` } });
    await api.request('POST', `/v1/messages/${not}/settle`, { body: { as: 'not-sent' } });
    expect(await list('unknown')).toEqual([]);
    expect(await list('rejected')).toMatchObject([{ id: not, settledBy: `api-key:${api.keyId}` }]);
  });

  it('are settled once: the same request again gets the first answer, another one a problem with advice', async () => {
    const id = await unknown();
    const headers = { 'idempotency-key': newId() };
    const settle = () => api.request<{ remedy?: string }>('POST', `/v1/messages/${id}/settle`, { body: { as: 'sent' }, headers });
    const [first, again] = [await settle(), await settle()];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    const late = await api.request<{ title: string; remedy?: string }>('POST', `/v1/messages/${id}/settle`, { body: { as: 'not-sent' } });
    expect(late).toMatchObject({
      status: 409,
      body: { title: 'The message is accepted, not unknown', remedy: 'There is nothing to settle.' },
    });
  });

  it('refuses an unknown verdict, and an unknown message', async () => {
    const id = await unknown();
    expect((await api.request('POST', `/v1/messages/${id}/settle`, { body: { as: 'maybe' } })).status).toBe(400);
    expect((await api.request('POST', `/v1/messages/${newId()}/settle`, { body: { as: 'sent' } })).status).toBe(404);
  });
});

describe('perennial messages', () => {
  const cli = async (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(await resource('server'), 'apps', 'cli', 'src', 'main.js'), 'messages', ...words], {
      env: { PATH: process.env['PATH'], ...testEnvironment(api.databaseUrl) },
    });

  it('lists unknown messages for people and for programs, and settles them', async () => {
    const id = await unknown();
    expect((await cli('unknown')).stdout).toContain(`${id}@reply.example.test`);
    const listed = JSON.parse((await cli('unknown', '--json')).stdout) as { id: string }[];
    expect(listed.map((message) => message.id)).toContain(id);
    expect((await cli('settle', id, '--as', 'not-sent')).stdout).toBe(`${id}: rejected\n`);
    expect(await list('rejected')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, settledBy: expect.stringMatching(/^cli:/) as string }) as unknown]),
    );
    await expect(cli('settle', id, '--as', 'sent')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is rejected, not unknown') as string,
    });
  });
});
