import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { deploymentOptions, takeOver } from '../../apps/worker/src/deployment.js';
import { createJourneyActivities } from '../../activities/journey.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { query } from '../../libs/persistence/sql.js';
import { createClock, realTime } from '../../libs/platform/clock.js';
import { newId } from '../../libs/platform/ids.js';
import { journeySignals, searchAttributes, workflowTypes, type JourneyWorkflow } from '../../workflows/contract.js';
import { journeyStart } from '../../workflows/starts.js';
import { createTestDatabase } from '../harness/database.js';
import { resource } from '../harness/resource.js';
import { enterShippedCampaign } from '../harness/shipped-campaign.js';
import { productBundle, taskQueue } from '../harness/temporal.js';
import { waitFor } from '../harness/wait-for.js';
import type { Keep } from './skipped-time.js';

/** A small history, after which Temporal's server asks for a new run. Only the development server can be set up so. */
const suggestedAfter = 20;

/** A journey with so many signals that it continues in a new run, where its offer is accepted. Both runs are kept. */
export async function growingJourney(keep: Keep): Promise<void> {
  const database = await createTestDatabase();
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: await resource('temporal-dev-server') },
      searchAttributes: Object.values(searchAttributes),
      extraArgs: ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${String(suggestedAfter)}`],
    },
  });
  const { orm } = database;
  const clock = createClock(realTime);
  const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
  const policy = readPolicyTables(['email', 'sms']);
  try {
    const version = { deploymentName: 'perennial', buildId: 'replay' };
    await takeOver(env.connection, 'default', version);
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await productBundle(),
      activities: createJourneyActivities({ orm, clock, hints, policy: () => policy }),
      workerDeploymentOptions: deploymentOptions(version),
    });
    await worker.runUntil(async () => {
      const { workflow } = env.client;
      const { enrolmentId, campaign, customer } = await enterShippedCampaign(orm.em.fork(), clock.now());
      const start = journeyStart({ enrolmentId, campaignId: campaign.id, customerId: customer.id }, { clock: realTime, taskQueue });
      const { workflowId, firstExecutionRunId } = await workflow.start<JourneyWorkflow>(workflowTypes.journey, start);
      const latest = workflow.getHandle<JourneyWorkflow>(workflowId);
      await waitFor(
        async () =>
          (await query(orm.em.fork(), `select from enrolment where id = $1 and waiting_until is not null`, [enrolmentId])).length === 1,
        30_000,
      );
      const isContinued = async (): Promise<boolean> => (await latest.describe()).runId !== firstExecutionRunId;
      while (!(await isContinued())) {
        const before = (await latest.describe()).historyLength;
        await latest.signal(journeySignals.deliver, { id: newId(), signal: { kind: 'customer-changed' } });
        await waitFor(async () => (await latest.describe()).historyLength !== before);
      }
      const accepted = { kind: 'response', answer: 'accepted', responseId: newId() } as const;
      await latest.signal(journeySignals.deliver, { id: newId(), signal: accepted });
      await latest.result();
      const { runId } = await latest.describe();
      await keep(workflow, 'journey-continues-as-new', workflowId, firstExecutionRunId);
      await keep(workflow, 'journey-continued', workflowId, runId);
    });
  } finally {
    await env.teardown();
    await database.close();
  }
}
