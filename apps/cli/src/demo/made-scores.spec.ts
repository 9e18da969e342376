import { readFile } from 'node:fs/promises';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCustomer, testNow } from '../../../../test/harness/factories.js';
import { enrolCrossingsPage } from '../../../../libs/campaigns/enrol.js';
import { makeUpHistory } from '../../../../libs/ingestion/generator/make-up-history.js';
import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { trainMadeScores, type MadeScore } from './made-scores.js';

const customers = 2000;

let api: TestApi;
let scores: readonly MadeScore[];

beforeAll(async () => {
  api = await startTestApi();
  const em = api.em();
  for (let index = 0; index < customers; index++) {
    await makeCustomer(em, {
      externalId: `c-${String(index)}`,
      tenure: 5 + (index % 60),
      attributes: { payment_method: index % 3 === 0 ? 'mailed-check' : 'bank-transfer-automatic', senior_citizen: index % 7 === 0 },
    });
  }
  scores = await trainMadeScores(em, { seed: 'spec', now: testNow });
}, 120_000);
afterAll(() => api.close());

describe('the scores of the demo that are learnt from made-up events', () => {
  it('find what the generator put there', () => {
    expect(scores.map(({ kind, why }) => [kind, why])).toEqual([
      ['upsell', ''],
      ['crosssell', ''],
      ['bad_debt', ''],
    ]);
    for (const { auc } of scores) expect(auc).toBeGreaterThan(0.65);
  });

  it('are given to everybody, with reasons, and shown with the customer', async () => {
    const row = await queryOne<{ id: string }>(
      api.em(),
      `select customer_id as id from customer_event where kind = 'payment.failed' and at > $1 limit 1`,
      [new Date(testNow.getTime() - 30 * 86_400_000)],
    );
    const { body } = await api.request<{ made: string[]; scores: { kind: string; reasons: object[] }[] }>(
      'GET',
      `/v1/customers/${row?.id ?? ''}`,
    );
    expect(body.made).toContain('events');
    expect(body.scores.map(({ kind }) => kind).sort()).toEqual(['bad_debt', 'crosssell', 'upsell']);
    for (const { reasons } of body.scores) expect(reasons.length).toBeGreaterThan(0);
    const counts = await query<{ kind: string; count: number }>(api.em(), 'select kind, count(*) as count from score group by kind');
    for (const { count } of counts) expect(count).toBe(customers);
  });

  it('enrol by their trigger whom a rule over the others lets in', async () => {
    const shipped = await readFile(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');
    const source = shipped
      .replace('campaign: save-at-risk', 'campaign: pay-first')
      .replace(/^audience: .*$/m, 'audience: score.upsell > 0.03')
      .replace(/^trigger: .*$/m, 'trigger: { score: bad_debt, rises_above: 0.05, falls_below: 0.02 }')
      .replace('assess: score.churn > 0.40', 'assess: score.crosssell > 0.01');
    const { status, body } = await api.request<{ id: string }>('POST', '/v1/campaigns', { body: { source } });
    expect([status, JSON.stringify(body)]).toEqual([201, expect.anything()]);
    expect((await api.request('POST', `/v1/campaigns/${body.id}/launch`)).status).toBeLessThan(300);
    const { enrolled } = await enrolCrossingsPage(api.em(), body.id, {
      from: { part: 'enrol', below: null },
      limit: customers,
      now: testNow,
    });
    const expected = await queryOne<{ count: number }>(
      api.em(),
      `select count(*) as count from score d join score u using (customer_id)
       where d.kind = 'bad_debt' and d.value > 0.05 and u.kind = 'upsell' and u.value > 0.03`,
    );
    expect(enrolled).toBe(expected?.count);
    expect(enrolled).toBeGreaterThan(0);
  });

  it('have one made-up year only', async () => {
    expect(await makeUpHistory(api.em(), { seed: 'spec', now: testNow })).toEqual({ recorded: 0 });
  });
});
