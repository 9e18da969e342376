import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { treatment } from '../../test/harness/definitions.js';
import { day, makeCampaign, makeCustomer, makeScore, testNow } from '../../test/harness/factories.js';
import { waitFor } from '../../test/harness/wait-for.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { listTreatments, saveTreatments } from '../treatments/treatments.js';
import { createCampaign, findCampaign, type CreatedCampaign } from './campaigns.js';
import { changeState } from '../lifecycle/change-state.js';
import { enrolCrossingsPage } from './enrol.js';
import { launchVersion, listVersions } from './versions.js';
import type { CampaignCommand } from './campaign-states.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await saveTreatments(
    em(),
    [
      treatment(),
      treatment({ treatment: 'discount-15', cost: { percentOfMonthlyCharge: 15, months: 3 } }),
      treatment({ treatment: 'unused' }),
    ],
    testNow,
  );
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => db.orm.em.fork().transactional(work);
const known = { templates: ['save-offer', 'save-reminder'] };
const later = new Date(testNow.getTime() + day);

const yamlOf = (key: string, budget = '20000 EUR'): string => `
campaign: ${key}
audience: customer.tenure >= 3
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 10%
budget: ${budget}
journey:
  - choose: { from: [bill-credit-10, discount-15] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 4 days }
    accepted: { exit: saved }
    otherwise: { exit: lapsed }
`;
const create = (yaml: string, now = testNow): Promise<CreatedCampaign> => createCampaign(em(), yaml, known, now);
const command = (id: string, what: CampaignCommand, now = later) => inTransaction((tx) => changeState(tx, id, what, now));
const enrolWhoCrossed = (id: string) => enrolCrossingsPage(em(), id, { from: { part: 'enrol', below: null }, limit: 1_000, now: later });
const versionsOf = (id: string) =>
  query<{ version: number; source: string; treatments: { treatment: string; title: string }[] }>(
    em(),
    'select version, source, treatments from campaign_version where campaign_id = $1 order by version',
    [id],
  );

describe('createCampaign', () => {
  it('takes the priority from the text, and from each later version', async () => {
    const { campaignId } = await create(yamlOf('ranked'));
    const priority = async (): Promise<number | undefined> => (await findCampaign(em(), campaignId)).priority;
    expect(await priority()).toBe(0);
    await create(`${yamlOf('ranked')}priority: 10`);
    expect(await priority()).toBe(10);
    await expect(create(`${yamlOf('ranked')}priority: 1001`)).rejects.toThrow();
  });

  it('makes a draft, with a copy of the treatments that its journey names', async () => {
    const made = await create(yamlOf('first'));
    expect(made).toMatchObject({ key: 'first', version: 1, created: true, state: 'draft' });
    const campaign = await findCampaign(em(), 'first');
    expect(campaign).toMatchObject({
      id: made.campaignId,
      state: 'draft',
      budgetCap: 2_000_000,
      budgetReserved: 0,
      currency: 'EUR',
      launchedAt: null,
    });
    await saveTreatments(em(), [treatment({ title: 'Another title' })], later);
    try {
      const [version] = await versionsOf(made.campaignId);
      expect(version?.source).toBe(yamlOf('first'));
      expect(version?.treatments.map((each) => each.treatment)).toEqual(['bill-credit-10', 'discount-15']);
      expect(version?.treatments[0]?.title).toBe(treatment().title);
      expect((await listTreatments(em()))[0]?.title).toBe('Another title');
    } finally {
      await saveTreatments(em(), [treatment()], later);
    }
  });

  it('changes nothing for the same text, and stores another text as the next version', async () => {
    const first = await create(yamlOf('second'));
    expect(await create(yamlOf('second'))).toEqual({ ...first, created: false });
    expect(await create(yamlOf('second', '30000 EUR'))).toEqual({ ...first, version: 2 });
    expect(await findCampaign(em(), first.campaignId)).toMatchObject({ version: 2, budgetCap: 3_000_000 });
    expect((await versionsOf(first.campaignId)).map((each) => each.version)).toEqual([1, 2]);
  });

  it('stores a new version of a launched campaign as a draft, which changes nothing until it is launched', async () => {
    const { campaignId, ...first } = await create(yamlOf('third'));
    expect(first).toMatchObject({ version: 1, state: 'draft' });
    await command(campaignId, 'launch');
    const text = yamlOf('third', '30000 EUR').replace('0.60', '0.70').replace('holdout: 10%', 'holdout: 50%');
    const draft = await create(`${text}priority: 7\ntitle: Another\n`);
    expect(draft).toMatchObject({ version: 2, state: 'draft', created: true });
    const launched = { version: 1, state: 'live', launchedAt: later, budgetCap: 2_000_000, priority: 0, title: 'Third' };
    expect(await findCampaign(em(), campaignId)).toMatchObject(launched);
    expect(await create(`${text}priority: 7\ntitle: Another\n`)).toEqual({ ...draft, created: false });
    expect(await create(yamlOf('third'))).toMatchObject({ version: 1, state: 'live', created: false });

    const customer = await makeCustomer(em(), { tenure: 5 });
    await makeScore(em(), customer.id, 0.65);
    expect(await enrolWhoCrossed(campaignId)).toMatchObject({ enrolled: 1 });
    expect(await listVersions(em(), campaignId, null, 10)).toMatchObject([
      { version: 2, state: 'draft', enrolled: 0, underway: 0 },
      { version: 1, state: 'live', enrolled: 1, underway: 0, source: yamlOf('third') },
    ]);
  });

  it('puts new customers into the launched version, and lets those inside finish in theirs', async () => {
    const { campaignId } = await create(yamlOf('replaced'));
    await command(campaignId, 'launch');
    const [before, after] = [await makeCustomer(em(), { tenure: 5 }), await makeCustomer(em(), { tenure: 5 })];
    await makeScore(em(), before.id, 0.65);
    await enrolWhoCrossed(campaignId);
    await create(`${yamlOf('replaced', '30000 EUR')}priority: 7\ntitle: Another\n`);
    await inTransaction((tx) => launchVersion(tx, campaignId, 2, later));
    expect(await findCampaign(em(), campaignId)).toMatchObject({
      version: 2,
      state: 'live',
      budgetCap: 3_000_000,
      priority: 7,
      title: 'Another',
    });
    await makeScore(em(), after.id, 0.65);
    await enrolWhoCrossed(campaignId);
    const versions = await query<{ customer: string; version: number }>(
      em(),
      'select e.customer_id as customer, v.version from enrolment e join campaign_version v on v.id = e.version_id where e.campaign_id = $1',
      [campaignId],
    );
    expect(versions.find(({ customer }) => customer === before.id)?.version).toBe(1);
    expect(versions.find(({ customer }) => customer === after.id)?.version).toBe(2);
    expect((await listVersions(em(), campaignId, null, 10)).map(({ state }) => state)).toEqual(['live', 'past']);
    await inTransaction((tx) => launchVersion(tx, campaignId, 1, later));
    expect(await findCampaign(em(), campaignId)).toMatchObject({ version: 1, budgetCap: 2_000_000, title: 'Replaced' });
  });

  it.each(['cancel', 'complete'] as const)('lists no version as live after a %s', async (ending) => {
    const { campaignId } = await create(yamlOf(`over-by-${ending}`));
    await command(campaignId, 'launch');
    await command(campaignId, 'pause');
    expect((await listVersions(em(), campaignId, null, 10)).map(({ state }) => state)).toEqual(['live']);
    await command(campaignId, ending);
    expect((await listVersions(em(), campaignId, null, 10)).map(({ state }) => state)).toEqual(['past']);
  });

  it('does not launch a version of a draft or ended campaign, a missing version, or one whose budget is below the promised amount', async () => {
    const { campaignId } = await create(yamlOf('guarded'));
    const launch = (version: number) => inTransaction((tx) => launchVersion(tx, campaignId, version, later));
    await expect(launch(1)).rejects.toMatchObject({ kind: 'conflict', remedy: 'Launch the campaign.' });
    await command(campaignId, 'launch');
    await create(yamlOf('guarded', '1500 EUR'));
    await expect(launch(3)).rejects.toMatchObject({ kind: 'not-found' });
    await query(em(), 'update campaign set budget_reserved = 150001 where id = $1', [campaignId]);
    await expect(launch(2)).rejects.toMatchObject({ kind: 'conflict', remedy: 'Raise the budget.' });
    expect(await findCampaign(em(), campaignId)).toMatchObject({ version: 1 });
    await command(campaignId, 'cancel');
    await expect(launch(2)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('makes one campaign and one version from texts that arrive at the same time', async () => {
    const texts = ['100 EUR', '200 EUR', '100 EUR', '200 EUR', '300 EUR'].map((budget) => yamlOf('at-once', budget));
    const made = await Promise.all(texts.map((text) => create(text)));
    expect(new Set(made.map((each) => each.campaignId)).size).toBe(1);
    const versions = await versionsOf(made[0]?.campaignId ?? '');
    expect(versions.map((each) => each.version)).toEqual(versions.map((_, index) => index + 1));
    expect(versions).toHaveLength(made.filter((each) => each.created).length);
  });

  it('stores a version as a draft if it arrives while a launch commits', async () => {
    const { campaignId } = await create(yamlOf('launching'));
    const launching = Promise.withResolvers<undefined>();
    const launched = inTransaction(async (tx) => {
      await changeState(tx, campaignId, 'launch', later);
      await launching.promise;
    });
    await waitFor(async () => (await query(em(), `select 1 from pg_locks where locktype = 'advisory' and granted`)).length > 0);
    const stored = create(yamlOf('launching', '300 EUR'));
    await waitFor(async () => (await query(em(), `select 1 from pg_locks where not granted`)).length > 0);
    launching.resolve(undefined);
    await launched;
    expect(await stored).toMatchObject({ version: 2, state: 'draft' });
    expect(await findCampaign(em(), campaignId)).toMatchObject({ version: 1, state: 'live' });
  });

  it('refuses a budget below the promised amount, another currency, and an ended campaign', async () => {
    const { campaignId } = await create(yamlOf('fourth'));
    await query(em(), 'update campaign set budget_reserved = 150000 where id = $1', [campaignId]);
    await expect(create(yamlOf('fourth', '1499.99 EUR'))).rejects.toMatchObject({ kind: 'conflict', remedy: 'Raise the budget.' });
    await expect(create(yamlOf('fourth', '20000 USD'))).rejects.toMatchObject({ kind: 'conflict' });
    await expect(create(yamlOf('fourth', '1500 EUR'))).resolves.toMatchObject({ version: 2 });
    await command(campaignId, 'cancel');
    await expect(create(yamlOf('fourth', '1600 EUR'))).rejects.toMatchObject({ kind: 'conflict' });
    // The very text that is stored, too: it enrols nobody any more.
    await expect(create(yamlOf('fourth', '1500 EUR'))).rejects.toMatchObject({ kind: 'conflict' });
    expect(await versionsOf(campaignId)).toHaveLength(2);
  });

  it('refuses a definition that names something missing', async () => {
    const wrong = yamlOf('fifth').replace('discount-15', 'discount-16').replace('save-offer', 'save-nothing');
    await expect(create(wrong)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(findCampaign(em(), 'fifth')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('changeState', () => {
  it('launches, pauses, resumes and completes', async () => {
    const { campaignId } = await create(yamlOf('states'));
    expect(await command(campaignId, 'launch')).toBe('live');
    expect(await command(campaignId, 'pause')).toBe('paused');
    expect(await command(campaignId, 'resume')).toBe('live');
    const end = new Date(later.getTime() + day);
    expect(await command(campaignId, 'complete', end)).toBe('completed');
    expect(await findCampaign(em(), 'states')).toMatchObject({ state: 'completed', launchedAt: later, endedAt: end });
    await expect(command(campaignId, 'resume')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('reports that there is no such campaign', async () => {
    await expect(command(newId(), 'launch')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('accepts only one of two opposite commands', async () => {
    const { id } = await makeCampaign(em());
    const results = await Promise.allSettled([command(id, 'cancel'), command(id, 'complete'), command(id, 'cancel')]);
    expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  });
});
