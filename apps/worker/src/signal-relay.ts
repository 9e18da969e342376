import type { MikroORM } from '@mikro-orm/postgresql';
import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';
import { markDelivered, takeSignals, type OpenSignal } from '../../../libs/campaigns/signals.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import { journeyId, journeySignals } from '../../../workflows/contract.js';
import { Pulse } from '../../hosting/health.js';

const batch = 100;
/** Real milliseconds between two looks when there was nothing: one read of an index that is empty then. */
const pause = 200;

/** Delivers what was left for journeys. A crash between delivering and marking delivers twice; the journey knows the id. */
export class SignalRelay {
  /** Beats with every batch that was looked for, whether there was one or not. */
  readonly pulse = new Pulse();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly orm: MikroORM,
    private readonly workflows: WorkflowClient,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const delivered = await this.deliverBatch().catch((error: unknown) => {
        this.log.error({ err: error }, 'signals could not be delivered; they wait');
        return null;
      });
      if (delivered !== null) this.pulse.beat();
      if (delivered === null || delivered < batch) await rest(pause, this.stopping.signal);
    }
  }

  private deliverBatch(): Promise<number> {
    return this.orm.em.fork().transactional(async (tx) => {
      const open = await takeSignals(tx, batch);
      const heard = await Promise.all(open.map((signal) => this.deliver(signal)));
      const delivered = open.filter((_, index) => heard[index]);
      await markDelivered(
        tx,
        delivered.map(({ id }) => id),
        this.clock.now(),
      );
      return delivered.length;
    });
  }

  /** True once the journey has it, or has ended and does not need it. One that has yet to start gets it later. */
  private async deliver({ id, enrolmentId, signal, closed }: OpenSignal): Promise<boolean> {
    try {
      await this.workflows.getHandle(journeyId(enrolmentId)).signal(journeySignals.deliver, { id, signal });
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return closed;
      this.log.warn({ err: error, enrolmentId }, 'a signal could not be delivered; it waits');
      return false;
    }
  }
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
