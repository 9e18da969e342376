import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeCustomer, makeScore, testNow } from '../../../../test/harness/factories.js';
import { waitingEvents } from '../../../../test/harness/signals.js';
import { query } from '../../../../libs/persistence/sql.js';
import { ScoreModel } from '../../../../libs/scoring/score-model.entity.js';
import { newId } from '../../../../libs/platform/ids.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Page {
  readonly items: { readonly customerId: string; readonly value: number }[];
  readonly next: string | null;
}

describe('/v1/scores', () => {
  it('accepts scores of another system, reports unknown customers, and writes who crossed a threshold', async () => {
    const { id, externalId } = await makeCustomer(api.em());
    const { id: campaignId } = await makeCampaign(api.em());
    const given = [
      { externalId, kind: 'churn', value: 0.7 },
      { externalId: 'nobody', kind: 'churn', value: 0.7 },
    ];
    expect(await api.request('POST', '/v1/scores', { body: given })).toMatchObject({ status: 200, body: { stored: 1, unknown: [1] } });
    const crossings = async () =>
      (await waitingEvents(api.em(), id)).flatMap((each) => (each.kind === 'score.crossed' ? [each.payload] : []));
    const up = { score: 'churn', campaignId, rose: true };
    expect(await crossings()).toEqual([up]);
    await api.request('POST', '/v1/scores', {
      body: [{ customerId: id, kind: 'churn', value: 0.8, reasons: [{ feature: 'tenure', value: 2, contribution: 0.4 }] }],
    });
    expect(await crossings()).toEqual([up]);
    const { body } = await api.request('GET', `/v1/scores?customer=${id}`);
    expect(body).toMatchObject({
      items: [{ externalId, value: 0.8, previous: 0.7, modelId: null, reasons: [{ feature: 'tenure' }] }],
      next: null,
    });
  });

  it('writes that many were scored at once, instead of each customer who crossed', async () => {
    await makeCampaign(api.em());
    const many = await Promise.all(Array.from({ length: 101 }, () => makeCustomer(api.em())));
    await query(api.em(), 'delete from domain_event');
    await api.request('POST', '/v1/scores', { body: many.map(({ id }) => ({ customerId: id, kind: 'churn', value: 0.9 })) });
    expect((await waitingEvents(api.em())).map(({ kind, payload }) => [kind, payload])).toEqual([['customers.scored', { score: 'churn' }]]);
  });

  it('refuses a likelihood above 1 with its place', async () => {
    const { externalId } = await makeCustomer(api.em());
    const { status, body } = await api.request<{ places: { where: string }[] }>('POST', '/v1/scores', {
      body: [{ externalId, kind: 'churn', value: 1.2 }],
    });
    expect(status).toBe(400);
    expect(body.places.map(({ where }) => where)).toEqual(['0']);
  });

  it('lists page by page, from a threshold on', async () => {
    const em = api.em();
    for (const value of [0.1, 0.9, 0.2, 0.95, 0.99]) await makeScore(em, (await makeCustomer(em)).id, value, 'upsell');
    const first = (await api.request<Page>('GET', '/v1/scores?kind=upsell&atLeast=0.5&limit=2')).body;
    const second = (await api.request<Page>('GET', `/v1/scores?kind=upsell&atLeast=0.5&limit=2&cursor=${first.next ?? ''}`)).body;
    expect([...first.items, ...second.items].map(({ value }) => value)).toEqual([0.99, 0.95, 0.9]);
    expect(second.next).toBeNull();
  });
});

describe('/v1/score-models', () => {
  it('lists the register without the parameters', async () => {
    const metrics = { auc: 0.84, logLoss: 0.42, brier: 0.14, ece: 0.02, trainedOn: 10, validatedOn: 2 };
    await api.em().insert(ScoreModel, {
      id: newId(),
      kind: 'churn',
      version: 1,
      state: 'champion',
      metrics,
      predecessorMetrics: null,
      parameters: { secret: 'weights' },
      trainedAt: testNow,
    });
    const { body } = await api.request('GET', '/v1/score-models');
    expect(body).toMatchObject({ items: [{ version: 1, state: 'champion', metrics }] });
    expect(JSON.stringify(body)).not.toContain('weights');
  });
});
