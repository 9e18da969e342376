import { treatment } from '../../../../test/harness/definitions.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeScore, testNow } from '../../../../test/harness/factories.js';
import { query } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import { saveTreatments } from '../../../../libs/treatments/treatments.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await saveTreatments(api.em(), [treatment()], testNow);
});
afterAll(() => api.close());

const yamlOf = (key: string, more = ''): string => `
campaign: ${key}
audience: customer.tenure >= 3 && customer.plan == "${key}"
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 20%
budget: 20000 EUR
journey:
  - choose: { from: [bill-credit-10] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 4 days }
    accepted: { exit: saved }
    otherwise: { exit: lapsed }
${more}`;
const create = async (key: string) =>
  (await api.request<{ id: string }>('POST', '/v1/campaigns', { body: { source: yamlOf(key) } })).body.id;
const send = async (id: string, command: string) =>
  api.request<{ state?: string; remedy?: string; type?: string }>('POST', `/v1/campaigns/${id}/${command}`);

describe('POST /v1/campaigns', () => {
  it('accepts YAML in JSON or as the body, once', async () => {
    const first = await api.request<{ id: string }>('POST', '/v1/campaigns', { body: { source: yamlOf('twice') } });
    const again = await api.request('POST', '/v1/campaigns', { body: yamlOf('twice'), headers: { 'content-type': 'text/yaml' } });
    expect(first).toMatchObject({ status: 201, body: { key: 'twice', version: 1, created: true } });
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, version: 1, created: false } });
    const changed = await api.request('POST', '/v1/campaigns', { body: { source: yamlOf('twice', '# changed') } });
    expect(changed.body).toMatchObject({ id: first.body.id, version: 2, created: true });
    expect((await api.request('GET', '/v1/campaigns/twice')).body).toMatchObject({
      state: 'draft',
      source: yamlOf('twice', '# changed'),
      versions: [{ version: 2 }, { version: 1 }],
      commands: ['launch', 'cancel'],
      budget: { cap: 2_000_000, reserved: 0, spent: 0, currency: 'EUR' },
    });
  });

  it.each([
    '',
    'campaign: x',
    '- a\n- b',
    '"just text"',
    yamlOf('unknown').replace('bill-credit-10', 'free-lunch'),
    yamlOf('unknown').replace('save-offer', 'no-mail'),
  ])('names the wrong places: %#', async (source) => {
    const { status, body } = await api.request<{ places: { where: string; what: string }[] }>('POST', '/v1/campaigns', {
      body: { source },
    });
    expect(status).toBe(400);
    expect(body.places.length).toBeGreaterThan(0);
  });

  it('refuses a body that is neither', async () => {
    expect((await api.request('POST', '/v1/campaigns', { body: { yaml: 'x' } })).status).toBe(400);
    expect((await api.request('POST', '/v1/campaigns')).status).toBe(400);
  });
});

describe('POST /v1/campaigns/validate', () => {
  it('reports whom it would reach and enrol, and stores nothing', async () => {
    const em = api.em();
    const add = async (score: number | null, overrides = {}) => {
      const customer = await makeCustomer(em, { plan: 'trial', ...overrides });
      if (score !== null) await makeScore(em, customer.id, score);
      return customer;
    };
    const reached = await add(0.9);
    await makeContactPoint(em, reached.id, 'email');
    const silent = await add(0.7);
    await makeContactPoint(em, silent.id, 'sms', { consent: false });
    await makeContactPoint(em, (await add(0.3)).id, 'email', { deadAt: testNow });
    for (const overrides of [{}, {}, {}]) await add(0.8, overrides);
    await add(0.8, { status: 'churned', churnedAt: testNow });
    await add(0.8, { objectedAt: testNow });
    await add(null);
    await add(0.9, { tenure: 1 });
    const { status, body } = await api.request('POST', '/v1/campaigns/validate', { body: { source: yamlOf('trial') } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      key: 'trial',
      audience: 9,
      reachable: 1,
      entering: { total: 5, treated: 4, holdout: 1 },
      budget: { cap: 2_000_000 },
    });
    expect((await api.request('GET', '/v1/campaigns/trial')).status).toBe(404);
  });

  it('counts for a service message also customers whom an offer would not reach', async () => {
    const em = api.em();
    const add = async (channel: 'email' | 'sms', suppressed: string | null): Promise<void> => {
      const { id } = await makeCustomer(em, { plan: 'bills' });
      const { addressHash } = await makeContactPoint(em, id, channel, { consent: false });
      if (suppressed === null) return;
      await query(em, 'insert into suppression values (uuidv7(), $1, $2, $3, $4)', [channel, addressHash, suppressed, testNow]);
    };
    await add('email', null);
    await add('email', 'opt-out');
    await add('email', 'complaint');
    await add('sms', 'opt-out');
    await makeContactPoint(em, (await makeCustomer(em, { plan: 'bills', objectedAt: testNow })).id, 'email');
    const reachable = async (source: string): Promise<number> =>
      (await api.request<{ reachable: number }>('POST', '/v1/campaigns/validate', { body: { source } })).body.reachable;
    expect(await reachable(yamlOf('bills'))).toBe(0);
    expect(await reachable(yamlOf('bills').replaceAll('template: save-offer', 'template: save-offer, purpose: service'))).toBe(3);
  });

  describe('reports with numbers the conditions that no customer meets, or that all meet', () => {
    const warnings = async (source: string): Promise<string[]> =>
      (
        await api.request<{ warnings: { where: string; what: string }[] }>('POST', '/v1/campaigns/validate', { body: { source } })
      ).body.warnings.map(({ where, what }) => `${where}: ${what}`);
    const yaml = yamlOf('dollars');
    beforeAll(async () => {
      for (const name of ['Ada', null]) {
        const customer = await makeCustomer(api.em(), { plan: 'dollars', currency: 'USD', name });
        await makeContactPoint(api.em(), customer.id, 'email');
        await makeScore(api.em(), customer.id, 0.7);
      }
    });
    it.each([
      [
        'a budget in a currency that nobody is charged in',
        yaml,
        'budget: 0 of 2 customers in the audience pay in EUR; this budget can offer them nothing',
      ],
      [
        'an audience of nobody, by a misspelt word',
        yaml.replace('"dollars"', '"dolars"'),
        'audience: nobody has customer.plan == "dolars"; did you mean dollars?',
      ],
      ['an audience of nobody', yaml.replace('"dollars"', '"dolars"'), expect.stringMatching(/^audience: is true for 0 of \d+ customers$/)],
      [
        'a goal that everybody meets',
        `goal: customer.plan == "dollars"${yaml}`,
        'goal: is true for all 2 customers in the audience already: every journey would end as saved at once',
      ],
      [
        'a goal with a word that nobody has',
        `goal: customer.plan == "dolars"${yaml}`,
        'goal: nobody has customer.plan == "dolars"; did you mean dollars?',
      ],
      [
        'an event that never happened',
        `goal: events("contract.renwed", 30) > 0${yaml}`,
        'goal: nobody has an event of the kind "contract.renwed"',
      ],
      [
        'a score that is never so high',
        yaml.replace('0.60', '0.99'),
        expect.stringMatching(/^trigger: nobody's churn score is above 0\.99 now; the highest is 0\.\d\d$/),
      ],
      ['a score that nobody has', yaml.replace('score: churn', 'score: upsell'), 'trigger: no customer has the upsell score yet'],
      [
        'a channel that reaches nobody',
        yaml.replace('channel: preferred', 'channel: sms'),
        'channel sms: 0 of 2 customers in the audience have an address on it and agreed to be written to',
      ],
      [
        'a treatment for nobody',
        yaml.replace('customer.tenure >= 3', 'customer.status == "renewed"'),
        expect.stringContaining('audience: is true for 0 of'),
      ],
      [
        'a condition that holds for nobody',
        yaml.replace('journey:', 'journey:\n  - assess: customer.tenure > 100'),
        'assess: is true for 0 of 2 customers in the audience now',
      ],
    ])('%s', async (_what, source, warning) => expect(await warnings(source)).toContainEqual(warning));

    it('nothing if everything is right', async () => {
      const customer = await makeCustomer(api.em(), { plan: 'euros' });
      await makeScore(api.em(), customer.id, 0.7);
      expect(await warnings(yamlOf('euros'))).toEqual([]);
    });
  });

  it('leaves out customers who are inside, or whose score has not fallen below the lower bound', async () => {
    const em = api.em();
    const id = await create('again');
    await query(em, `update campaign set state = 'live' where id = $1`, [id]);
    const customer = await makeCustomer(em, { plan: 'again' });
    await makeScore(em, customer.id, 0.9);
    const entering = async () =>
      (await api.request<{ entering: { total: number } }>('POST', '/v1/campaigns/validate', { body: { source: yamlOf('again') } })).body
        .entering.total;
    expect(await entering()).toBe(1);
    await query(em, 'insert into trigger_state (campaign_id, customer_id, armed, changed_at) values ($1, $2, false, $3)', [
      id,
      customer.id,
      testNow,
    ]);
    expect(await entering()).toBe(0);
  });
});

describe('versions', () => {
  it('are drafts until they are launched, and are listed with their texts and how many customers are in each', async () => {
    const em = api.em();
    const id = await create('renewed');
    await send(id, 'launch');
    const customer = await makeCustomer(em, { plan: 'renewed' });
    await api.request('POST', `/v1/campaigns/${id}/enrolments`, { body: { customerIds: [customer.id] } });
    const text = yamlOf('renewed', '# more').replace('20000 EUR', '30000 EUR');
    const draft = await api.request('POST', '/v1/campaigns', { body: { source: text } });
    expect(draft).toMatchObject({ status: 201, body: { id, version: 2, state: 'draft', created: true } });
    expect((await api.request('GET', '/v1/campaigns/renewed')).body).toMatchObject({
      version: 1,
      source: yamlOf('renewed'),
      budget: { cap: 2_000_000 },
      versions: [{ version: 2, launchedAt: null }, { version: 1 }],
    });
    expect((await api.request('GET', '/v1/campaigns/renewed/versions')).body).toMatchObject({
      items: [
        { version: 2, state: 'draft', enrolled: 0, source: text },
        { version: 1, state: 'live', enrolled: 1, source: yamlOf('renewed') },
      ],
      next: null,
    });
    const first = await api.request<{ next: string }>('GET', '/v1/campaigns/renewed/versions?limit=1');
    expect((await api.request('GET', `/v1/campaigns/renewed/versions?limit=1&cursor=${first.body.next}`)).body).toMatchObject({
      items: [{ version: 1 }],
    });

    expect(await api.request('POST', '/v1/campaigns/renewed/versions/2/launch')).toMatchObject({
      status: 200,
      body: { id, version: 2, state: 'live' },
    });
    expect((await api.request('GET', '/v1/campaigns/renewed')).body).toMatchObject({
      version: 2,
      source: text,
      budget: { cap: 3_000_000 },
    });
    for (const [path, status] of [
      ['renewed/versions/9/launch', 404],
      ['renewed/versions/x/launch', 400],
      ['nobody/versions/1/launch', 404],
    ] as const)
      expect((await api.request('POST', `/v1/campaigns/${path}`)).status).toBe(status);
  });

  it('show their own journey with their own customers', async () => {
    const em = api.em();
    const id = await create('drawn');
    await send(id, 'launch');
    const customer = await makeCustomer(em, { plan: 'drawn' });
    await api.request('POST', `/v1/campaigns/${id}/enrolments`, { body: { customerIds: [customer.id] } });
    const [enrolment] = await query<{ id: string }>(
      em,
      `update enrolment set state = 'entered', arm = 'treated', step = 'offer', entered_at = $2 where campaign_id = $1 returning id`,
      [id, testNow],
    );
    await query(
      em,
      `insert into step_visit (enrolment_id, ordinal, campaign_id, step, entered_at, label) values ($1, 1, $2, 'choose', $3, 'next'), ($1, 2, $2, 'offer', $3, null)`,
      [enrolment?.id, id, testNow],
    );
    await api.request('POST', '/v1/campaigns', { body: { source: yamlOf('drawn', '# another') } });
    await api.request('POST', '/v1/campaigns/drawn/versions/2/launch');
    interface Report {
      versions: unknown;
      graph: { version: number; steps: { id: string; visits: number; waiting: number }[] };
    }
    const drawn = async (search: string) => {
      const { body } = await api.request<Report>('GET', `/v1/campaigns/drawn/report${search}`);
      const { visits, waiting } = body.graph.steps.find((step) => step.id === 'offer') ?? {};
      return { version: body.graph.version, visits, waiting, versions: body.versions };
    };
    const versions = [
      { version: 2, enrolled: 0, underway: 0 },
      { version: 1, enrolled: 1, underway: 1 },
    ];
    expect(await drawn('')).toEqual({ version: 2, visits: 0, waiting: 0, versions });
    expect(await drawn('?version=1')).toEqual({ version: 1, visits: 1, waiting: 1, versions: versions.slice(1) });
    expect((await api.request('GET', '/v1/campaigns/drawn/report?version=9')).status).toBe(404);
  });
});

describe('commands', () => {
  it('lead from state to state', async () => {
    const id = await create('lifecycle');
    for (const [command, state] of [
      ['launch', 'live'],
      ['pause', 'paused'],
      ['resume', 'live'],
      ['complete', 'completed'],
    ] as const) {
      expect(await send(id, command)).toMatchObject({ status: 200, body: { id, state } });
    }
    expect((await api.request('GET', '/v1/campaigns/lifecycle')).body).toMatchObject({ launchedAt: testNow.toISOString(), commands: [] });
  });

  it.each([
    ['draft', ['pause', 'resume', 'complete']],
    ['live', ['launch', 'resume']],
    ['paused', ['launch', 'pause']],
    ['cancelled', ['launch', 'pause', 'resume', 'cancel', 'complete']],
    ['completed', ['launch', 'pause', 'resume', 'cancel', 'complete']],
  ] as const)('that a %s campaign does not allow are conflicts with a remedy', async (state, commands) => {
    const { id } = await makeCampaign(api.em(), { state, endedAt: state === 'cancelled' ? testNow : null });
    for (const command of commands) {
      const { status, body } = await send(id, command);
      expect([command, status, body.type]).toEqual([command, 409, 'urn:perennial:problem:conflict']);
      expect(body.remedy).toBeDefined();
    }
  });

  it('that do not exist are not found', async () => {
    const { id } = await makeCampaign(api.em());
    expect((await send(id, 'explode')).status).toBe(404);
  });
});

describe('the results of a campaign', () => {
  it('are listed, reported and in the feed, and lead to their rows', async () => {
    const em = api.em();
    const campaign = await makeCampaign(em, { key: 'seen' });
    const person = await makeCustomer(em);
    const inside = await makeEnrolment(em, campaign, person.id, { step: 'await' });
    const saved = await makeEnrolment(em, campaign, (await makeCustomer(em)).id, {
      state: 'closed',
      outcome: 'saved',
      closedAt: testNow,
      step: 'await',
    });
    const heldOut = await makeEnrolment(em, campaign, (await makeCustomer(em)).id, { arm: 'holdout' });
    await query(
      em,
      `insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, at)
       values ($1, $2, $3, $4, 'offer', 1, 0, 'block', 'sms', '[]', '{no-consent}', $5)`,
      [newId(), inside.id, campaign.id, person.id, testNow],
    );

    const { body: list } = await api.request<{ items: { key: string }[] }>('GET', '/v1/campaigns?limit=200');
    expect(list.items.find(({ key }) => key === 'seen')).toMatchObject({ enrolled: 3, underway: 1, saved: 1 });
    expect((await api.request('GET', '/v1/campaigns/seen/report')).body).toMatchObject({
      clock: { now: testNow.toISOString(), speed: 1 },
      entered: { total: 3, treated: 2, holdout: 1 },
      outcomes: { saved: 1 },
    });
    const { body: feed } = await api.request<{ items: { kind: string; enrolmentId: string }[] }>('GET', '/v1/campaigns/seen/feed');
    expect(feed.items.map(({ kind, enrolmentId }) => [kind, enrolmentId]).sort()).toEqual([
      ['block', inside.id],
      ['saved', saved.id],
    ]);

    const ids = async (filter: string) =>
      (await api.request<{ items: { id: string }[] }>('GET', `/v1/campaigns/${campaign.id}/enrolments?${filter}`)).body.items.map(
        ({ id }) => id,
      );
    expect(await ids('')).toEqual([heldOut.id, saved.id, inside.id]);
    expect(await ids('step=await')).toEqual([inside.id]);
    expect(await ids('outcome=saved')).toEqual([saved.id]);
    expect(await ids('arm=holdout&state=entered')).toEqual([heldOut.id]);

    const { body: story } = await api.request('GET', `/v1/enrolments/${inside.id}`);
    expect(story).toMatchObject({
      campaign: { key: 'seen' },
      customer: { id: person.id },
      decisions: [{ kind: 'block', subject: 'sms', reasons: ['no-consent'] }],
    });
    for (const search of [`campaign=${campaign.id}`, `customer=${person.id}`, 'kind=block&reason=no-consent']) {
      expect((await api.request('GET', `/v1/decisions?${search}`)).body).toMatchObject({ items: [{ enrolmentId: inside.id }], next: null });
    }
    expect((await api.request('GET', '/v1/decisions?reason=cap')).body).toEqual({ items: [], next: null });
    expect((await api.request('GET', `/v1/messages?campaign=${campaign.id}`)).body).toEqual({ items: [], next: null });
  });

  it('include customers who are enrolled by hand', async () => {
    const em = api.em();
    const campaign = await makeCampaign(em);
    const customer = await makeCustomer(em);
    const stranger = newId();
    const before = api.wakes();
    const { status, body } = await api.request('POST', `/v1/campaigns/${campaign.key}/enrolments`, {
      body: { customerIds: [customer.id, stranger] },
    });
    expect(status).toBe(200);
    expect(body).toEqual({ enrolled: 1, heldOut: 0, skipped: [{ customerId: stranger, reason: 'unknown' }] });
    expect(api.wakes()).toBe(before + 1);
    const draft = await makeCampaign(em, { state: 'draft' });
    expect((await api.request('POST', `/v1/campaigns/${draft.id}/enrolments`, { body: { customerIds: [customer.id] } })).status).toBe(409);
  });
});

describe('enrolling by hand', () => {
  const post = (key: string, body: object) => api.request('POST', `/v1/campaigns/${key}/enrolments`, { body });

  it('accepts company numbers, a rule or the audience, and can preview the result', async () => {
    const em = api.em();
    const { key } = await makeCampaign(em, { definition: { audience: 'customer.plan == "by-hand"' } });
    const one = await makeCustomer(em, { plan: 'by-hand' });
    for (let count = 0; count < 3; count += 1) await makeCustomer(em, { plan: 'by-hand', tenure: 40 });
    const before = api.wakes();
    expect((await post(key, { externalIds: [one.externalId, 'nobody'], dryRun: true })).body).toMatchObject({
      enrolled: 1,
      skipped: [{ externalId: 'nobody', reason: 'unknown' }],
      skippedBy: { unknown: 1 },
      unreachable: 1,
      cost: { atMost: 1_200, currency: 'EUR' },
      warnings: [{ where: 'journey', what: expect.stringContaining('no churn score') as unknown }],
    });
    expect(api.wakes()).toBe(before);
    expect((await post(key, { externalIds: [one.externalId] })).body).toMatchObject({ enrolled: 1 });
    expect((await post(key, { where: 'customer.tenure == 40' })).body).toMatchObject({ enrolled: 3, next: null });
    expect((await post(key, { audience: true })).body).toMatchObject({ enrolled: 0, skippedBy: { 'already-enrolled': 4 } });
    await query(em, `update enrolment set state = 'closed', outcome = 'nothing-pays' where customer_id = $1`, [one.id]);
    expect((await post(key, { audience: true })).body).toMatchObject({
      enrolled: 0,
      skippedBy: { 'already-enrolled': 3, 'enrolled-before': 1 },
    });
    expect((await post(key, { audience: true, again: true })).body).toMatchObject({ enrolled: 1, skippedBy: { 'already-enrolled': 3 } });
  });

  it('finds a number in every way to write it', async () => {
    const em = api.em();
    const { key } = await makeCampaign(em);
    const one = await makeCustomer(em, { externalId: '+4477001' });
    for (const written of ["'+4477001", '\u200b+4477\u00ad001', '\u00a0+4477001\t'])
      expect((await post(key, { externalIds: [written], dryRun: true })).body).toMatchObject({ skippedBy: { unknown: 0 } });
    const twice = await post(key, { externalIds: [`'${one.externalId}`, one.externalId] });
    expect(twice.body).toMatchObject({ enrolled: 1, skipped: [] });
  });

  it.each([
    {},
    { externalIds: [] },
    { externalIds: [''] },
    { externalIds: ['\u200b'] },
    { externalIds: ['a\ud800b'] },
    { externalIds: ['a'], audience: true },
    { audience: false },
    { where: 'customer.colour == 1' },
    { where: '' },
    { audience: true, from: 'x' },
    { externalIds: Array.from({ length: 1_001 }, String) },
  ])('refuses a selection that names nobody, or cannot be read: %#', async (body) => {
    const { key } = await makeCampaign(api.em());
    expect((await post(key, body)).status).toBe(400);
  });
});

describe('what a definition may say', () => {
  it('is described for editors', async () => {
    expect((await api.request('GET', '/v1/definition-schema')).body).toMatchObject({ properties: { campaign: {}, journey: {} } });
    expect((await api.request('GET', '/v1/treatments')).body).toMatchObject({
      items: [{ treatment: 'bill-credit-10' }, { treatment: 'discount-15' }, { treatment: 'free-upgrade' }],
      next: null,
    });
  });
});
