import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Clock } from '../../libs/platform/clock.js';
import { searchAttributes } from '../../workflows/contract.js';
import { resource } from './resource.js';

export const taskQueue = 'test';

/** The product's workflows, bundled once for all specs. */
export async function productBundle(): Promise<WorkflowBundleOption> {
  return { codePath: join(await resource('server'), 'workflow-bundle.js') };
}

/** A Temporal server that skips time when everything waits, and a worker on it. */
export interface SkippingTemporal {
  readonly env: TestWorkflowEnvironment;
  /** The server's time, as of the last activity. */
  readonly clock: Clock;
  /** Serves the product's workflows with these activities until the work is done. */
  serve<Result>(activities: object, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export async function createSkippingTemporal(): Promise<SkippingTemporal> {
  const path = await resource('temporal-test-server');
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
  // This server accepts no search attributes as flags.
  const keyword = 2;
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map(({ name }) => [name, keyword])),
  });
  let now = new Date(await env.currentTimeMs());
  return {
    env,
    clock: { now: () => now, realMs: (campaignMs) => campaignMs },
    serve: async (activities, work) => {
      const worker = await Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        workflowBundle: await productBundle(),
        activities: onServerTime(activities, async () => {
          now = new Date(await env.currentTimeMs());
        }),
      });
      return worker.runUntil(work);
    },
    close: () => env.teardown(),
  };
}

/** Sets the clock by the server's before each activity. */
function onServerTime(activities: object, setClock: () => Promise<void>): object {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (...args: unknown[]): Promise<unknown> => {
        await setClock();
        return (activity as (...args: unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  );
}
