import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { JourneyState } from '../libs/journeys/engine.js';
import { realTime } from '../libs/platform/clock.js';
import { newId } from '../libs/platform/ids.js';
import { resource } from '../test/harness/resource.js';
import { productBundle, taskQueue } from '../test/harness/temporal.js';
import { waitFor } from '../test/harness/wait-for.js';
import { journeySignals, searchAttributes, workflowTypes, type JourneyActivities, type JourneyWorkflow } from './contract.js';
import { deploymentOptions, takeOver } from '../apps/worker/src/deployment.js';
import { journeyStart } from './starts.js';

/** A small history, after which Temporal asks for a new run. */
const suggestedAfter = 20;

describe('a journey whose history grows', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const path = await resource('temporal-dev-server');
    env = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path },
        searchAttributes: Object.values(searchAttributes),
        extraArgs: ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${String(suggestedAfter)}`],
      },
    });
  });
  afterAll(() => env.teardown());

  it('continues in another run with its state, and loses no signal', async () => {
    const count = 14;
    // Sets, because an interrupted wake is repeated.
    const heard = new Set<string>();
    const states = new Set<number>();
    const activities: JourneyActivities = {
      // The state counts the wakes, so that a wake lost between two runs would be visible.
      wake: ({ state, inputs, now }) => {
        const before = state?.visits ?? 0;
        states.add(before);
        for (const input of inputs) {
          if (input.kind === 'signalled' && input.signal.kind === 'response') heard.add(input.signal.responseId);
        }
        const next = { visits: before + 1, enteredAt: now } as JourneyState;
        return Promise.resolve({ state: next, until: null, outcome: heard.size === count ? 'saved' : null });
      },
    };
    const version = { deploymentName: 'perennial', buildId: 'test' };
    await takeOver(env.connection, 'default', version);
    const workerDeploymentOptions = deploymentOptions(version);
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await productBundle(),
      activities,
      workerDeploymentOptions,
    });
    const ids = { enrolmentId: newId(), campaignId: newId(), customerId: newId() };
    await worker.runUntil(async () => {
      const { workflow } = env.client;
      const handle = await workflow.start<JourneyWorkflow>(workflowTypes.journey, journeyStart(ids, { clock: realTime, taskQueue }));
      for (let index = 0; index < count; index += 1) {
        const signal = { kind: 'response', answer: 'question', responseId: String(index) } as const;
        await workflow.getHandle(handle.workflowId).signal(journeySignals.deliver, { id: String(index), signal });
        // An earlier one comes again, as after a crash of the relay, also into the next run.
        const again = Math.max(0, index - 3);
        if (index === count - 1) break;
        await waitFor(() => heard.has(String(index)), 30_000);
        await workflow.getHandle(handle.workflowId).signal(journeySignals.deliver, { id: String(again), signal });
      }
      expect(await workflow.getHandle(handle.workflowId).result()).toBe('saved');
      expect((await workflow.getHandle(handle.workflowId).describe()).runId).not.toBe(handle.firstExecutionRunId);
    });
    expect([...heard]).toEqual(Array.from({ length: count }, (_, index) => String(index)));
    expect([...states]).toEqual(Array.from({ length: states.size }, (_, index) => index));
  });
});
