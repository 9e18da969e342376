import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readSettings } from '../../../../config/settings.js';
import { changeState } from '../../../../libs/campaigns/campaigns.js';
import type { CampaignCommand } from '../../../../libs/campaigns/campaign-states.js';
import { queryOne } from '../../../../libs/persistence/sql.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { makeCampaign, testNow } from '../../../../test/harness/factories.js';
import { productBundle } from '../../../../test/harness/temporal.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { TemporalCampaigns } from './temporal-campaigns.js';

const clock = { now: () => testNow, realMs: (ms: number) => ms };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const em = () => database.orm.em.fork();
const campaignsAt = (address: string, taskQueue = 'test') =>
  new TemporalCampaigns(
    readSettings({ ...testEnvironment(database.url), PERENNIAL_TEMPORAL_ADDRESS: address, PERENNIAL_TASK_QUEUE: taskQueue }),
    database.orm,
    clock,
  );
const stateOf = async (id: string) => (await queryOne<{ state: string }>(em(), 'select state from campaign where id = $1', [id]))?.state;

describe('while Temporal is down', () => {
  it('is not ready, and a launch leaves the draft as it is', async () => {
    const campaigns = campaignsAt('127.0.0.1:1');
    const { id } = await makeCampaign(em(), { state: 'draft' });
    expect(await campaigns.ready()).toBe(false);
    await expect(campaigns.command(id, 'launch')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await stateOf(id)).toBe('draft');
    await expect(campaigns.command(id, 'pause')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(campaigns.command(id, 'cancel')).resolves.toBe('cancelled');
    await campaigns.close();
  });
});

describe('while Temporal is up', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    const path = process.env['PERENNIAL_TEST_DEV_SERVER_PATH'];
    if (path === undefined) throw new Error('PERENNIAL_TEST_DEV_SERVER_PATH is not set: run the tests through `npm test`');
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    env = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } });
  });
  afterAll(() => env.teardown());

  /** The product's campaign workflow, with activities that do no more than count and change the state. */
  async function withWorker(taskQueue: string, work: (looks: () => number) => Promise<void>): Promise<void> {
    let looks = 0;
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await productBundle(),
      activities: {
        carryOut: () => Promise.resolve({ more: false, unreached: 0 }),
        enrol: () => {
          looks += 1;
          return Promise.resolve(null);
        },
        launch: () => Promise.resolve({ more: false, unreached: 0 }),
        measure: () => Promise.resolve({ open: false, nextMeasureAt: null, more: false }),
        obey: ({ campaignId, command }: { campaignId: string; command: CampaignCommand }) =>
          em().transactional((tx) => changeState(tx, campaignId, command, testNow)),
      },
    });
    await worker.runUntil(work(() => looks));
  }

  it('launches, wakes, pauses, resumes and completes a campaign through its workflow', async () => {
    const campaigns = campaignsAt(env.address, 'lifecycle');
    const { id } = await makeCampaign(em(), { state: 'draft' });
    expect(await campaigns.ready()).toBe(true);
    await withWorker('lifecycle', async (looks) => {
      expect(await campaigns.command(id, 'launch')).toBe('live');
      await waitFor(() => looks() > 0);
      const before = looks();
      await campaigns.wake();
      await waitFor(() => looks() > before);
      expect(await campaigns.command(id, 'pause')).toBe('paused');
      expect(await campaigns.command(id, 'resume')).toBe('live');
      expect(await campaigns.command(id, 'complete')).toBe('completed');
      await env.client.workflow.getHandle(`campaign:${id}`).result();
    });
    expect(await stateOf(id)).toBe('completed');
    await campaigns.close();
  });

  it('resumes a campaign that paused by itself, of which its workflow heard nothing', async () => {
    const campaigns = campaignsAt(env.address, 'itself');
    const { id } = await makeCampaign(em(), { state: 'draft' });
    await withWorker('itself', async (looks) => {
      await campaigns.command(id, 'launch');
      await waitFor(() => looks() > 0);
      await em().transactional((tx) => changeState(tx, id, 'pause', testNow, 'Too many came back.'));
      const before = looks();
      expect(await campaigns.command(id, 'resume')).toBe('live');
      await waitFor(() => looks() > before);
      expect(await stateOf(id)).toBe('live');
      expect(await campaigns.command(id, 'pause')).toBe('paused');
    });
    await campaigns.close();
  });

  it('gives a live campaign whose workflow is missing a new one', async () => {
    const campaigns = campaignsAt(env.address, 'missing');
    const { id } = await makeCampaign(em(), { state: 'live' });
    await withWorker('missing', async () => {
      expect(await campaigns.command(id, 'pause')).toBe('paused');
    });
    expect(await stateOf(id)).toBe('paused');
    await campaigns.close();
  });
});
