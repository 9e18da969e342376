import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { testNow } from '../../../../test/harness/factories.js';
import { sendOffer, type SentOffer } from '../../../../test/harness/sent-offer.js';
import { query } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import type { ListedTask } from '../../../../libs/responses/list-tasks.js';
import type { ViewedTask } from '../../../../libs/responses/desk-view.js';
import { receiveResponse } from '../../../../libs/responses/receive.js';
import { signalsTo } from '../../../../test/harness/signals.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(() => query(api.em(), 'delete from task'));

interface Tasks {
  readonly items: readonly ListedTask[];
  readonly next: string | null;
  readonly open: number;
}

const list = async (search = ''): Promise<Tasks> => (await api.request<Tasks>('GET', `/v1/tasks${search}`)).body;

async function puzzling(answer: 'unclear' | 'question' = 'unclear'): Promise<SentOffer> {
  const sent = await sendOffer(api.em(), 'sms');
  await receiveResponse(
    api.em(),
    {
      source: 'twilio',
      sourceId: newId(),
      channel: 'sms',
      by: { addressHash: sent.point.addressHash },
      said: () => ({ answer, because: 'no rule' }),
      text: 'well',
    },
    testNow,
  );
  return sent;
}

describe('the desk', () => {
  it('lists page by page, by state and kind, with how many wait', async () => {
    for (const kind of ['unclear', 'question', 'unclear'] as const) await puzzling(kind);
    const first = await list('?limit=2');
    expect([first.items.length, first.open]).toEqual([2, 3]);
    const second = await list(`?limit=2&cursor=${first.next ?? ''}`);
    expect(second).toMatchObject({ next: null, open: 3 });
    const seen = [...first.items, ...second.items].map(({ id }) => id);
    expect([seen.length, new Set(seen).size]).toEqual([3, 3]);
    expect((await list('?kind=question')).items.map(({ kind }) => kind)).toEqual(['question']);
    expect((await list('?state=closed')).items).toEqual([]);
  });

  it('closes with a person’s decision, once', async () => {
    const { enrolment } = await puzzling();
    const id = (await list()).items[0]?.id ?? '';
    const close = (answer: string) => api.request('POST', `/v1/tasks/${id}/close`, { body: { answer } });
    expect(await close('accepted')).toMatchObject({ status: 200, body: { id, resolution: 'accepted', closedBy: `api-key:${api.keyId}` } });
    expect(await close('accepted')).toMatchObject({ status: 200 });
    expect(await close('declined')).toMatchObject({ status: 409 });
    expect(await signalsTo(api.em(), enrolment.id)).toMatchObject([{ kind: 'response', answer: 'accepted' }]);
    expect(await list()).toMatchObject({ items: [], open: 0 });
    expect((await list('?state=closed')).items).toMatchObject([{ id, resolution: 'accepted', offer: { state: 'accepted' } }]);
  });

  it('writes back once for each click, and shows how the customer is reached and what each choice would do', async () => {
    const { customer } = await puzzling('question');
    const before = (await list()).items[0] as unknown as ViewedTask;
    expect(before.reply).toMatchObject({ possible: true, longest: 1_600 });
    expect(before.reach).toMatchObject({ timeZone: 'Europe/Berlin', contactPoints: [{ channel: 'sms', uses: ['marketing', 'service'] }] });
    expect(before.choices.map(({ answer }) => answer)).toEqual(['accepted', 'declined', 'question', 'opt-out', 'none']);
    const reply = (text: unknown, key: string) =>
      api.request<{ messageId: string }>('POST', `/v1/tasks/${before.id}/reply`, { body: { text }, headers: { 'Idempotency-Key': key } });
    const first = await reply('Yes, it does.', 'one');
    expect(first).toMatchObject({ status: 201, body: { channel: 'sms', text: 'Yes, it does.', writtenBy: `api-key:${api.keyId}` } });
    expect((await reply('Yes, it does.', 'one')).body.messageId).toBe(first.body.messageId);
    expect(await reply('No.', 'one')).toMatchObject({ status: 409 });
    expect(await query(api.em(), 'select state from message where customer_id = $1 and campaign_id is null', [customer.id])).toHaveLength(
      1,
    );
    const after = (await list()).items[0] as unknown as ViewedTask;
    expect(after.replies).toMatchObject([{ text: 'Yes, it does.', state: 'planned' }]);
    expect(after.closedAt).toBeNull();
    for (const text of ['', '  ', 5, null, 'x'.repeat(1_601), 'x'.repeat(30_000)]) expect((await reply(text, newId())).status).toBe(400);
    expect((await api.request('POST', `/v1/tasks/${newId()}/reply`, { body: { text: 'x' } })).status).toBe(404);
    expect((await api.request('POST', `/v1/tasks/${before.id}/reply`, { body: { text: 'x' }, key: null })).status).toBe(401);
  });

  it('refuses an unknown meaning, task or kind', async () => {
    await puzzling();
    const id = (await list()).items[0]?.id ?? '';
    for (const body of [{}, { answer: 'complaint' }, { answer: 'none', more: 1 }, 'x', []]) {
      expect((await api.request('POST', `/v1/tasks/${id}/close`, { body })).status).toBe(400);
    }
    expect((await api.request('POST', `/v1/tasks/${newId()}/close`, { body: { answer: 'none' } })).status).toBe(404);
    expect((await api.request('POST', '/v1/tasks/x/close', { body: { answer: 'none' } })).status).toBe(404);
    expect((await api.request('GET', '/v1/tasks?kind=other')).status).toBe(400);
    expect((await api.request('GET', '/v1/tasks', { key: null })).status).toBe(401);
  });
});
