import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeCustomer, makeScore, testNow } from '../../../../test/harness/factories.js';
import { makeMeasuredModel } from '../../../../test/harness/measured-model.js';
import { newId } from '../../../../libs/platform/ids.js';
import { query } from '../../../../libs/persistence/sql.js';
import { ScoreWatch } from '../../../../libs/scoring/registry/score-watch.entity.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());
beforeEach(() => query(api.em(), 'truncate customer, campaign, score_model cascade'));

const trigger = { kind: 'score', score: 'churn', risesAbove: 0.5, fallsBelow: 0.4 };
const attributes = (contract: string) => ({ contract });

describe('GET /v1/score-kinds', () => {
  it('lists every kind: the version in use, its last sweep, and what has drifted', async () => {
    const { id } = await makeMeasuredModel(api.em());
    await makeMeasuredModel(api.em(), { version: 2, state: 'challenger' });
    const figures = { psi: { tenure: 0.14, contract: 0.02, score: 0.05 } };
    await api.em().insert(ScoreWatch, { id: newId(), kind: 'churn', model: id, at: testNow, customers: 600, figures });
    const { body } = await api.request<{ items: unknown[] }>('GET', '/v1/score-kinds');
    expect(body.items[0]).toMatchObject({
      kind: 'churn',
      title: 'Likelihood of leaving',
      versions: 2,
      champion: { version: 1 },
      challenger: 2,
      sweep: null,
      drift: { state: 'moving', moved: [{ feature: 'tenure', index: 0.14 }, { feature: 'score' }, { feature: 'contract' }] },
    });
    expect(body.items).toHaveLength(6);
    expect(body.items[1]).toMatchObject({ kind: 'upsell', champion: null, drift: null });
  });

  it('does not know other kinds', async () => {
    for (const path of ['versions', 'versions/1', 'distribution', 'explanation?customer=1'])
      expect(await api.request('GET', `/v1/score-kinds/luck/${path}`)).toMatchObject({ status: 404 });
  });
});

describe('a version', () => {
  it('is shown with its figures, its features in words, and the gates that it missed', async () => {
    const missed = 'its AUC is 0.5500, and the declaration asks for at least 0.6';
    const { metrics } = await makeMeasuredModel(api.em());
    await makeMeasuredModel(api.em(), { version: 2, state: 'candidate', metrics: { ...metrics, refusedFor: [missed] } });
    const { body } = await api.request<{ figures: { thresholds: unknown[] } }>('GET', '/v1/score-kinds/churn/versions/2');
    expect(body).toMatchObject({
      state: 'candidate',
      refusedFor: [missed],
      titles: { contract: 'How long the customer is bound' },
      figures: { chosen: 'logistic regression', drivers: [{ feature: 'tenure' }, { feature: 'contract' }] },
    });
    expect(body.figures.thresholds).toHaveLength(100);
    expect(JSON.stringify(body)).not.toContain('knots');
    expect(await api.request('GET', '/v1/score-kinds/churn/versions/9')).toMatchObject({ status: 404 });
    expect(await api.request('GET', '/v1/score-kinds/churn/versions/x')).toMatchObject({ status: 400 });
    const { body: list } = await api.request('GET', '/v1/score-kinds/churn/versions');
    expect(list).toMatchObject({
      items: [
        { version: 2, refusedFor: [missed] },
        { version: 1, refusedFor: [] },
      ],
    });
  });

  it('says who would cross thresholds before it is promoted, and changes nothing by that', async () => {
    await makeMeasuredModel(api.em());
    await makeMeasuredModel(api.em(), { version: 2, state: 'candidate', slope: 3 });
    await makeCampaign(api.em(), { key: 'save', title: 'Save', definition: { trigger } });
    // Log-odds 1.6 - 0.1 x 10 are above 0 with the first version, and 1.6 - 0.3 x 10 are not with the second.
    const { id } = await makeCustomer(api.em(), { tenure: 10, attributes: attributes('month-to-month') });
    const other = await makeCustomer(api.em(), { tenure: 1, attributes: attributes('month-to-month') });
    await makeScore(api.em(), id, 0.65);
    await makeScore(api.em(), other.id, 0.1);
    const { body } = await api.request('GET', '/v1/score-kinds/churn/versions/2/crossings');
    expect(body).toEqual({ customers: 2, looked: 2, campaigns: [{ key: 'save', title: 'Save', risesAbove: 0.5, rise: 1, fall: 1 }] });
    expect(await query(api.em(), 'select value from score order by value')).toEqual([{ value: 0.1 }, { value: 0.65 }]);
  });

  it('is promoted and rolled back, once for each key', async () => {
    await makeMeasuredModel(api.em());
    await makeMeasuredModel(api.em(), { version: 2, state: 'candidate' });
    const headers = { 'Idempotency-Key': newId() };
    for (let time = 0; time < 2; time++)
      expect(await api.request('POST', '/v1/score-kinds/churn/versions/2/promote', { headers })).toMatchObject({
        status: 200,
        body: { kind: 'churn', version: 2, replaced: 1 },
      });
    expect(await api.request('POST', '/v1/score-kinds/churn/versions/2/promote')).toMatchObject({ status: 409 });
    expect(await api.request('POST', '/v1/score-kinds/churn/rollback')).toMatchObject({ body: { version: 1, replaced: 2 } });
    expect(await api.request('POST', '/v1/score-kinds/churn/rollback')).toMatchObject({
      status: 409,
      body: { places: [{ where: 'the score churn', what: 'uses version 1, which replaced no other' }] },
    });
  });

  it('that missed a gate is refused, with the gate', async () => {
    await makeMeasuredModel(api.em(), {
      version: 1,
      state: 'candidate',
      metrics: { ...{ auc: 0.5, logLoss: 1, brier: 1, ece: 1 }, trainedOn: 9, validatedOn: 9, refusedFor: ['it knows nothing'] },
    });
    expect(await api.request('POST', '/v1/score-kinds/churn/versions/1/promote')).toMatchObject({
      status: 409,
      body: { places: [{ where: 'version 1', what: 'it knows nothing' }] },
    });
  });
});

describe('a sweep', () => {
  it('is started for a kind that has a model', async () => {
    expect(await api.request('POST', '/v1/score-kinds/churn/sweep')).toMatchObject({ status: 409 });
    await makeMeasuredModel(api.em());
    await makeCustomer(api.em(), { tenure: 10, attributes: attributes('month-to-month') });
    expect(await api.request('POST', '/v1/score-kinds/churn/sweep')).toMatchObject({ status: 202, body: { workflowId: 'sweep:churn' } });
    const { body } = await api.request<{ items: unknown[] }>('GET', '/v1/score-kinds');
    expect(body.items[0]).toMatchObject({ sweep: { finishedAt: testNow.toISOString(), scored: 1 } });
  });
});

describe('the distribution', () => {
  it('counts scores, and says of a threshold who is above it and what became of such customers', async () => {
    const { figures } = await makeMeasuredModel(api.em());
    await makeCampaign(api.em(), { key: 'save', title: 'Save', definition: { trigger } });
    await makeCampaign(api.em(), { key: 'over', state: 'completed', definition: { trigger } });
    for (const value of [0, 0.03, 0.5, 0.51, 1]) await makeScore(api.em(), (await makeCustomer(api.em())).id, value);
    const { body } = await api.request<{ bins: { customers: number }[] }>('GET', '/v1/score-kinds/churn/distribution');
    const measured = figures?.['thresholds'] as { threshold: number; customers: number; happened: number }[];
    const { customers = 0, happened = 0 } = measured.find(({ threshold }) => threshold === 0.5) ?? {};
    expect(customers).toBeGreaterThan(0);
    expect(body).toMatchObject({
      customers: 5,
      thresholds: [{ campaign: { key: 'save' }, risesAbove: 0.5, customers: 2, past: { customers, happened } }],
    });
    expect(body.bins.map(({ customers }) => customers)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('of amounts goes from the least to the most', async () => {
    for (const value of [100, 300]) await makeScore(api.em(), (await makeCustomer(api.em())).id, value, 'clv');
    const { body } = await api.request<{ bins: { from: number; to: number }[] }>('GET', '/v1/score-kinds/clv/distribution');
    expect([body.bins[0]?.from, body.bins.at(-1)?.to]).toEqual([100, 300]);
    expect((await api.request('GET', '/v1/score-kinds/upsell/distribution')).body).toMatchObject({ customers: 0, thresholds: [] });
  });
});

describe('the explanation', () => {
  it('adds up to the log-odds of the score', async () => {
    await makeMeasuredModel(api.em());
    const { externalId } = await makeCustomer(api.em(), { tenure: 10, attributes: attributes('month-to-month') });
    const { body } = await api.request<Explanation>('GET', `/v1/score-kinds/churn/explanation?customer=${externalId}`);
    expect(body).toMatchObject({ scale: 'log-odds', version: 1, stored: null });
    expect(body.contributions.map(({ title, value }) => [title, value])).toContainEqual([
      'How long the customer is bound',
      'month-to-month',
    ]);
    const sum = body.contributions.reduce((total, { contribution }) => total + contribution, body.base + body.remainder);
    expect(sum).toBeCloseTo(body.total, 9);
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(body.value, 9);
    expect(body.value).toBeCloseTo(0.646, 3);
  });

  it('says why somebody is not scored', async () => {
    const { id } = await makeCustomer(api.em(), { objectedAt: testNow });
    const path = `/v1/score-kinds/churn/explanation?customer=`;
    expect(await api.request('GET', path + id)).toMatchObject({ status: 409 });
    await makeMeasuredModel(api.em());
    expect(await api.request('GET', path + id)).toMatchObject({ status: 409, body: { places: [{ where: 'the customer' }] } });
    expect(await api.request('GET', `${path}nobody`)).toMatchObject({ status: 404 });
  });
});

interface Explanation {
  readonly value: number;
  readonly base: number;
  readonly remainder: number;
  readonly total: number;
  readonly contributions: readonly { readonly title: string; readonly value: unknown; readonly contribution: number }[];
}
