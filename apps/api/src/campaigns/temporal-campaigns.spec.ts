import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readSettings } from '../../../../config/settings.js';
import { lockCampaign } from '../../../../libs/campaigns/campaign-lock.js';
import { changeState } from '../../../../libs/lifecycle/change-state.js';
import type { CampaignCommand } from '../../../../libs/campaigns/campaign-states.js';
import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import { announcePresence, type ProcessKind } from '../../../../libs/access/processes.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import type { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { publishedContent } from '../../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { makeCampaign, makeCustomer, makeEnrolment, testNow } from '../../../../test/harness/factories.js';
import { searchAttributes } from '../../../../workflows/contract.js';
import { resource } from '../../../../test/harness/resource.js';
import { productBundle } from '../../../../test/harness/temporal.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { deploymentOptions, takeOver } from '../../../worker/src/deployment.js';
import { explain, TemporalCampaigns } from './temporal-campaigns.js';

async function isHere(kind: ProcessKind, publication = content.version): Promise<string> {
  const id = newId();
  await announcePresence(em(), { id, kind, host: 'here', pid: 1, publication });
  return id;
}

let content: PublishedContent;
const clock = { now: () => testNow, realMs: (ms: number) => ms };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  content = await publishedContent(em);
});
afterAll(() => database.close());

const em = () => database.orm.em.fork();
const campaignsAt = (address: string, taskQueue = 'test', askForMs = 10_000) =>
  new TemporalCampaigns(
    readSettings({ ...testEnvironment(database.url), PERENNIAL_TEMPORAL_ADDRESS: address, PERENNIAL_TASK_QUEUE: taskQueue }),
    database.orm,
    clock,
    content,
    askForMs,
  );
const stateOf = async (id: string) => (await queryOne<{ state: string }>(em(), 'select state from campaign where id = $1', [id]))?.state;

describe('while Temporal is down', () => {
  it('is not ready, and a launch does not change the draft', async () => {
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
  const version = { deploymentName: 'perennial', buildId: 'test' };
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    const path = await resource('temporal-dev-server');
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    env = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path }, searchAttributes: Object.values(searchAttributes) },
    });
    await takeOver(env.connection, 'default', version);
  });
  afterAll(() => env.teardown());

  let beating: NodeJS.Timeout;
  beforeEach(async () => {
    const present = async (): Promise<void> => {
      await query(em(), 'delete from running_process');
      for (const kind of ['worker', 'dispatcher'] as const) await isHere(kind);
    };
    await present();
    // A process gives regular signs of life.
    beating = setInterval(() => void query(em(), 'update running_process set seen_at = clock_timestamp()'), 2_000);
  });
  afterEach(() => clearInterval(beating));

  /** The product's campaign workflow, with activities that only count and change the state. */
  async function withWorker(taskQueue: string, work: (looks: () => number) => Promise<void>): Promise<void> {
    let looks = 0;
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await productBundle(),
      workerDeploymentOptions: deploymentOptions(version),
      activities: {
        carryOut: () => Promise.resolve({ more: false, unreached: 0 }),
        enrol: () => {
          looks += 1;
          return Promise.resolve(null);
        },
        launch: () => Promise.resolve({ more: false, unreached: 0 }),
        measure: () => Promise.resolve({ open: false, nextMeasureAt: null, more: false }),
        changeState: ({ campaignId, command }: { campaignId: string; command: CampaignCommand }) =>
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

  it('resumes a campaign that paused automatically, without its workflow', async () => {
    const campaigns = campaignsAt(env.address, 'itself');
    const { id } = await makeCampaign(em(), { state: 'draft' });
    await withWorker('itself', async (looks) => {
      await campaigns.command(id, 'launch');
      await waitFor(() => looks() > 0);
      await em().transactional((tx) => changeState(tx, id, 'pause', testNow, { reason: 'Too many came back.' }));
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

  describe('a launch is refused, and does not change the draft,', () => {
    const refusal = async (command: 'launch' | 'resume' = 'launch', state: 'draft' | 'paused' = 'draft'): Promise<unknown> => {
      const campaigns = campaignsAt(env.address, 'refused', 100);
      const { id } = await makeCampaign(em(), { state });
      const refused: unknown = await campaigns.command(id, command).catch((error: unknown) => error);
      expect(await stateOf(id)).toBe(state);
      await campaigns.close();
      return refused;
    };
    const lacks = (where: string, what: unknown): object => ({ kind: 'conflict', places: [{ where, what }] });

    it('if a dispatcher does not use the latest publication yet, even if another does', async () => {
      await isHere('dispatcher', 0);
      expect(await refusal()).toMatchObject(
        lacks('dispatcher 1 on here', `still uses publication 0, and the latest is ${String(content.version)}`),
      );
    });

    it('if no dispatcher is running, or was not seen recently', async () => {
      await query(em(), `delete from running_process where kind = 'dispatcher'`);
      expect(await refusal()).toMatchObject({ kind: 'unavailable', places: [{ where: 'dispatcher', what: 'none is running' }] });
    });

    it('and so is a resume', async () => {
      await isHere('dispatcher', 0);
      expect(await refusal('resume', 'paused')).toMatchObject(lacks('dispatcher 1 on here', expect.stringContaining('still uses')));
    });

    describe('and so is the launch of a version, by what that version needs:', () => {
      const launchSecond = async (template: string): Promise<{ refused: unknown; version: number | undefined }> => {
        const campaigns = campaignsAt(env.address, 'version', 100);
        const { id } = await makeCampaign(em(), { state: 'live' });
        await query(
          em(),
          `insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
           select $2, campaign_id, 2, source, replace(definition::text, 'save-offer', $3)::jsonb, treatments, created_at
           from campaign_version where campaign_id = $1`,
          [id, newId(), template],
        );
        const refused: unknown = await campaigns.launchVersion(id, 2).catch((error: unknown) => error);
        await campaigns.close();
        const now = await queryOne<{ version: number }>(em(), 'select version from campaign where id = $1', [id]);
        return { refused, version: now?.version };
      };

      it('one that names an unpublished template does not replace the other', async () => {
        const { refused, version } = await launchSecond('save-later');
        expect(refused).toMatchObject({
          kind: 'conflict',
          places: [{ where: 'what is published', what: 'there is no template save-later' }],
        });
        expect(version).toBe(1);
      });

      it('one that needs what is published does', async () => {
        expect(await launchSecond('save-reminder')).toEqual({ refused: undefined, version: 2 });
      });
    });

    it('and so is a resume, by the needs of a version with customers inside', async () => {
      const campaigns = campaignsAt(env.address, 'inside', 100);
      const campaign = await makeCampaign(em(), { state: 'paused' });
      await makeEnrolment(em(), campaign, (await makeCustomer(em())).id);
      await query(
        em(),
        `insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
         select $2, campaign_id, 2, source, replace(definition::text, 'save-offer', 'save-later')::jsonb, treatments, created_at
         from campaign_version where campaign_id = $1`,
        [campaign.id, newId()],
      );
      await query(em(), 'update campaign set version = 2 where id = $1', [campaign.id]);
      const refused: unknown = await campaigns.command(campaign.id, 'resume').catch((error: unknown) => error);
      await campaigns.close();
      expect(refused).toMatchObject({
        places: expect.arrayContaining([{ where: 'what is published', what: 'there is no template save-later' }]) as unknown,
      });
    });

    it('if another version is stored while the processes are checked', async () => {
      const late = await isHere('dispatcher', 0);
      const campaigns = campaignsAt(env.address, 'meanwhile');
      const { id } = await makeCampaign(em(), { state: 'draft' });
      const lock = Promise.withResolvers<undefined>();
      const storing = em().transactional(async (tx) => {
        await lockCampaign(tx, id);
        await lock.promise;
        await query(
          tx,
          `insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
           select $2, campaign_id, 2, source, definition, treatments, created_at from campaign_version where campaign_id = $1`,
          [id, newId()],
        );
        await query(tx, 'update campaign set version = 2 where id = $1', [id]);
      });
      const launched = campaigns.command(id, 'launch').catch((error: unknown) => error);
      await announcePresence(em(), { id: late, kind: 'dispatcher', host: 'here', pid: 1, publication: content.version });
      await waitFor(async () => (await query(em(), `select 1 from pg_locks where locktype = 'advisory' and not granted`)).length > 0);
      lock.resolve(undefined);
      await storing;
      expect(await launched).toMatchObject({ kind: 'conflict', title: 'Version 2 was stored in the meantime' });
      expect(await stateOf(id)).toBe('draft');
      await campaigns.close();
    });

    it('but not if a process loads the publication in the meantime', async () => {
      const late = await isHere('dispatcher', 0);
      const campaigns = campaignsAt(env.address, 'late');
      const { id } = await makeCampaign(em(), { state: 'draft' });
      const launched = campaigns.command(id, 'launch');
      await announcePresence(em(), { id: late, kind: 'dispatcher', host: 'here', pid: 1, publication: content.version });
      expect(await launched).toBe('live');
      await campaigns.close();
    });
  });
});

it('a command that an activity refused is refused with the message of the activity', () => {
  const refused = ApplicationFailure.nonRetryable('The campaign is cancelled');
  const failed = new ActivityFailure('Activity task failed', 'begin', '1', 'NON_RETRYABLE_FAILURE', 'worker', refused);
  expect(explain(new WorkflowUpdateFailedError('Workflow Update failed', failed))).toMatchObject({
    kind: 'conflict',
    title: 'The campaign is cancelled',
  });
});
