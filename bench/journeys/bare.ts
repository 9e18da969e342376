import { fileURLToPath } from 'node:url';
import type { WorkflowClient } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import pMap from 'p-map';
import { newId } from '../../libs/platform/ids.js';
import type { BareActivities } from './bare-workflow.js';
import { breadth, until } from './drive.js';

/** open, assess, choose, send, park before the answer; close after it. */
const before = 5;
const after = 1;

/** Runs workflows that do nothing, on a separate worker with the same settings as the product's. */
export class BareFloor {
  private constructor(
    private readonly workflows: WorkflowClient,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
    private readonly counter: { parked: number },
  ) {}

  static async start(native: NativeConnection, workflows: WorkflowClient, namespace: string): Promise<BareFloor> {
    const counter = { parked: 0 };
    const activities: BareActivities = {
      nothing: () => Promise.resolve(),
      parked: () => {
        counter.parked += 1;
        return Promise.resolve();
      },
    };
    const worker = await Worker.create({
      connection: native,
      namespace,
      taskQueue: 'bare',
      workflowsPath: fileURLToPath(new URL('./bare-workflow.js', import.meta.url)),
      activities,
      maxCachedWorkflows: 500,
    });
    return new BareFloor(workflows, worker, worker.run(), counter);
  }

  /** @returns seconds from the first start to the last end */
  async round(count: number): Promise<number> {
    const began = performance.now();
    const expected = this.counter.parked + count;
    const ids = Array.from({ length: count }, () => `bare:${newId()}`);
    await pMap(ids, (workflowId) => this.workflows.start('bare', { workflowId, taskQueue: 'bare', args: [before, after] }), {
      concurrency: breadth,
    });
    await until(() => Promise.resolve(this.counter.parked >= expected));
    await pMap(ids, (id) => this.workflows.getHandle(id).signal('answer'), { concurrency: breadth });
    await pMap(ids, (id) => this.workflows.getHandle(id).result(), { concurrency: breadth });
    return (performance.now() - began) / 1000;
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
  }
}
