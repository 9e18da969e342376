import type { MikroORM } from '@mikro-orm/postgresql';
import { endDueContracts } from '../../../libs/customers/contract-status.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';

/** Real milliseconds between two checks: one read of an index that contains only customers who have given notice. */
const pause = 1_000;

/** Marks customers as churned when the day of their notice has come. Several workers may do it at once. */
export class ContractEnds {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly orm: MikroORM,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look().then(() => {
        if (this.timer !== undefined) this.start();
      });
    }, pause);
  }

  /** Finishes the present check. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const left = await endDueContracts(this.orm.em.fork(), this.clock.now());
      if (left > 0) this.log.info({ left }, 'customers churned on the day of their notice');
    } catch (error) {
      this.log.error({ err: error }, 'ends of contracts could not be checked; they wait');
    }
  }
}
