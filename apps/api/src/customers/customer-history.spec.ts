import { query } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import { Response } from '../../../../libs/responses/response.entity.js';
import { Task } from '../../../../libs/responses/task.entity.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeScore,
  testNow,
} from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

async function readAll<Item>(path: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = '';
  do {
    const { body: page }: { body: Page<Item> } = await api.request<Page<Item>>('GET', `${path}?limit=${String(limit)}${cursor}`);
    items.push(...page.items);
    cursor = page.next === null ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  return items;
}

describe('GET /v1/customers/{id}/events', () => {
  it('lists what happened by when it happened, page by page, each once', async () => {
    const customer = await makeCustomer(api.em());
    const other = await makeCustomer(api.em());
    // Two at one instant, and one that was reported later than it happened.
    const ago = [3, 1, 1, 5, 2];
    const events = ago.map((days, n) => ({
      customerId: customer.id,
      kind: `usage.n${String(n)}`,
      at: new Date(testNow.getTime() - days * day).toISOString(),
      source: 'network',
      sourceId: `${customer.id}-${String(n)}`,
      data: { days },
    }));
    await api.request('POST', '/v1/events', { body: [...events, { ...events[0], customerId: other.id, sourceId: 'another' }] });
    const listed = await readAll<{ data: { days: number }; kind: string }>(`/v1/customers/${customer.id}/events`, 1);
    expect(listed.map(({ data }) => data.days)).toEqual([1, 1, 2, 3, 5]);
    expect(new Set(listed.map(({ kind }) => kind)).size).toBe(5);
  });

  it('knows nobody who was erased', async () => {
    const customer = await makeCustomer(api.em());
    await query(api.em(), 'update customer set erased_at = $2 where id = $1', [customer.id, testNow]);
    for (const list of ['events', 'responses', 'campaigns'])
      expect((await api.request('GET', `/v1/customers/${customer.id}/${list}`)).status).toBe(404);
  });
});

describe('GET /v1/customers/{id}/responses', () => {
  it('lists answers, the latest first, with their tasks', async () => {
    const em = api.em();
    const customer = await makeCustomer(em);
    const respond = async (answer: 'question' | 'accepted', daysAgo: number): Promise<string> => {
      const id = newId();
      const receivedAt = new Date(testNow.getTime() - daysAgo * day);
      await em.insert(Response, {
        ...{ id, source: 'smtp', sourceId: id, channel: 'email', customer: customer.id, enrolment: null, message: null },
        ...{ answer, because: 'a word', text: 'Well', receivedAt },
      });
      return id;
    };
    const question = await respond('question', 2);
    await respond('accepted', 1);
    await em.insert(Task, {
      ...{ id: newId(), kind: 'question', response: question, customer: customer.id, enrolment: null },
      ...{ createdAt: testNow, dueAt: testNow, closedAt: null, resolution: null, closedBy: null },
    });
    expect(await readAll(`/v1/customers/${customer.id}/responses`, 1)).toMatchObject([
      { answer: 'accepted', task: null },
      { answer: 'question', text: 'Well', task: { kind: 'question', dueAt: testNow.toISOString(), closedAt: null } },
    ]);
  });
});

describe('GET /v1/customers/{id}/campaigns', () => {
  it('says of each running campaign whether the customer is inside, would enter, or is kept out and by what', async () => {
    const em = api.em();
    const customer = await makeCustomer(em, { tenure: 1 });
    await makeContactPoint(em, customer.id, 'email');
    await makeScore(em, customer.id, 0.45);
    const trigger = { kind: 'score', score: 'churn', risesAbove: 0.5, fallsBelow: 0.4 };
    const inside = await makeCampaign(em, { key: 'inside', priority: 5 });
    const enrolment = await makeEnrolment(em, inside, customer.id);
    await makeCampaign(em, { key: 'out', priority: 4, definition: { audience: 'customer.tenure >= 3', trigger } });
    await makeCampaign(em, {
      key: 'enters',
      priority: 3,
      definition: { audience: 'true', trigger: { ...trigger, risesAbove: 0.44 }, holdout: 0 },
    });
    await makeCampaign(em, { key: 'all-held-out', priority: 2, state: 'paused', definition: { audience: 'true', trigger, holdout: 1 } });
    await makeCampaign(em, { key: 'a-draft', state: 'draft', launchedAt: null });
    const again = await makeCampaign(em, {
      key: 'again',
      priority: 1,
      definition: { audience: 'true', trigger: { ...trigger, risesAbove: 0.44 } },
    });
    await query(em, 'insert into trigger_state (campaign_id, customer_id, armed, changed_at) values ($1, $2, false, $3)', [
      again.id,
      customer.id,
      testNow,
    ]);
    const { body: page } = await api.request<Page<{ campaign: { key: string } }>>('GET', `/v1/customers/${customer.id}/campaigns`);
    expect(page.items.map(({ campaign }) => campaign.key)).toEqual(['inside', 'out', 'enters', 'all-held-out', 'again']);
    expect(page.items).toMatchObject([
      { inside: { id: enrolment.id, arm: 'treated' }, keptOut: [], reachable: true },
      {
        inside: null,
        keptOut: [
          { reason: 'not-in-audience', unmet: [{ rule: 'customer.tenure >= 3', has: [{ field: 'customer.tenure', value: 1 }] }] },
          { reason: 'trigger', bound: { score: 'churn', must: 'rise-above', bound: 0.5, value: 0.45 } },
        ],
      },
      { keptOut: [], arm: 'treated' },
      { campaign: { state: 'paused' }, keptOut: [{ reason: 'trigger' }, { reason: 'paused' }], arm: 'holdout' },
      { keptOut: [{ reason: 'enrolled-before', bound: { must: 'fall-below', bound: 0.4, value: 0.45 } }] },
    ]);
  });
});
