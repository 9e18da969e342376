import type { MikroORM } from '@mikro-orm/postgresql';
import { endDueContracts } from '../../../libs/customers/contract-status.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';

/** Real milliseconds between two looks: one read of an index that holds only who has given notice. */
const pause = 1_000;

/** Lets customers go when the day of their notice has come. Several workers may do it at once. */
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

  /** Finishes the look in hand. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const left = await endDueContracts(this.orm.em.fork(), this.clock.now());
      if (left > 0) this.log.info({ left }, 'customers left as they had given notice');
    } catch (error) {
      this.log.error({ err: error }, 'ends of contracts could not be looked for; they wait');
    }
  }
}
