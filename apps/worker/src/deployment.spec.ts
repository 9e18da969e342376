import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { newId } from '../../../libs/platform/ids.js';
import { realTime } from '../../../libs/platform/clock.js';
import { resource } from '../../../test/harness/resource.js';
import { productBundle } from '../../../test/harness/temporal.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import {
  campaignSignals,
  journeySignals,
  searchAttributes,
  workflowTypes,
  type CampaignActivities,
  type CampaignWorkflow,
  type JourneyActivities,
  type JourneyWorkflow,
  type WakeCall,
} from '../../../workflows/contract.js';
import { campaignStart, journeyStart } from '../../../workflows/starts.js';
import { buildIdOf, deploymentOptions, takeOver } from './deployment.js';

const deploymentName = 'perennial';
const taskQueue = 'versions';
const where = { clock: realTime, taskQueue };

describe('workers of two builds side by side', () => {
  let env: TestWorkflowEnvironment;
  const running: { worker: Worker; ended: Promise<void> }[] = [];
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const path = await resource('temporal-dev-server');
    env = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path }, searchAttributes: Object.values(searchAttributes) },
    });
  });
  afterAll(async () => {
    for (const { worker } of running) worker.shutdown();
    await Promise.all(running.map(({ ended }) => ended));
    await env.teardown();
  });

  /** The log of the workers: `build what`. */
  const done: string[] = [];

  /** A worker that records its tasks; a journey waits until it is cancelled. */
  async function serve(buildId: string): Promise<boolean> {
    const note = (what: string): void => void done.push(`${buildId} ${what}`);
    const activities: JourneyActivities & Pick<CampaignActivities, 'carryOut' | 'enrol' | 'launch' | 'measure'> = {
      wake: ({ enrolmentId, inputs }: WakeCall) => {
        const kind = inputs[0]?.kind ?? '';
        note(`${kind} ${enrolmentId}`);
        return Promise.resolve({ state: null, until: null, outcome: kind === 'cancelled' ? 'cancelled' : null });
      },
      carryOut: () => Promise.resolve({ more: false, unreached: 0 }),
      enrol: ({ campaignId }) => {
        note(`looked ${campaignId}`);
        return Promise.resolve(null);
      },
      launch: () => Promise.resolve({ more: false, unreached: 0 }),
      measure: () => Promise.resolve({ open: true, nextMeasureAt: null, more: false }),
    };
    const version = { deploymentName, buildId };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await productBundle(),
      activities,
      workerDeploymentOptions: deploymentOptions(version),
    });
    running.push({ worker, ended: worker.run() });
    return takeOver(env.connection, 'default', version);
  }

  async function begin(): Promise<string> {
    const enrolmentId = newId();
    const ids = { enrolmentId, campaignId: newId(), customerId: newId() };
    await env.client.workflow.start<JourneyWorkflow>(workflowTypes.journey, journeyStart(ids, where));
    return enrolmentId;
  }
  const end = async (enrolmentId: string): Promise<string> => {
    const handle = env.client.workflow.getHandle<JourneyWorkflow>(`journey:${enrolmentId}`);
    await handle.signal(journeySignals.cancel);
    return handle.result();
  };
  const did = (what: string): Promise<unknown> => waitFor(() => done.includes(what), 30_000);

  it('a journey ends on the build that it began on, a campaign moves to the new build, and an old worker does not become current again', async () => {
    expect(await serve('last')).toBe(true);
    const old = await begin();
    const campaignId = newId();
    const campaign = await env.client.workflow.start<CampaignWorkflow>(workflowTypes.campaign, campaignStart(campaignId, 'live', where));
    await did(`last started ${old}`);
    await did(`last looked ${campaignId}`);

    expect(await serve('this')).toBe(true);
    const fresh = await begin();
    await did(`this started ${fresh}`);
    expect(await end(old)).toBe('cancelled');
    await did(`last cancelled ${old}`);
    await campaign.signal(campaignSignals.wake);
    await did(`this looked ${campaignId}`);

    expect(await takeOver(env.connection, 'default', { deploymentName, buildId: 'last' })).toBe(false);
    const later = await begin();
    await did(`this started ${later}`);
    expect(done).not.toContain(`this cancelled ${old}`);
    await campaign.terminate();
  });
});

describe('the build', () => {
  it('is named by the settings, otherwise by the workflows themselves', async () => {
    expect(await buildIdOf({ code: 'a' }, 'named')).toBe('named');
    expect(await buildIdOf({ code: 'a' }, undefined)).toBe(await buildIdOf({ code: 'a' }, undefined));
    expect(await buildIdOf({ code: 'a' }, undefined)).not.toBe(await buildIdOf({ code: 'b' }, undefined));
  });
});
