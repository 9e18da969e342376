import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from '../../../libs/platform/log.js';
import { messageOf } from '../../../libs/platform/message-of.js';
import type { Pulse } from '../../hosting/health.js';

/** A regular task that does not depend on Redis. */
export interface Chore {
  readonly name: string;
  /** Real milliseconds from the end of one run to the beginning of the next. */
  readonly everyMs: number;
  /** Its result is logged if a number in it is not 0. */
  readonly run: (em: EntityManager) => Promise<object | undefined>;
  /** Beats after each run. */
  readonly pulse?: Pulse;
}

/** Runs each task at its own interval: a task that waits for a provider does not delay the others. */
export class Sweeper {
  private readonly timers = new Map<Chore, NodeJS.Timeout>();
  private readonly running = new Map<Chore, Promise<void>>();
  private closed = false;

  constructor(
    private readonly orm: MikroORM,
    chores: readonly Chore[],
    private readonly log: Logger,
  ) {
    for (const chore of chores) this.schedule(chore);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private schedule(chore: Chore): void {
    const begin = (): void => {
      const running = this.once(chore).finally(() => {
        if (!this.closed) this.schedule(chore);
      });
      this.running.set(chore, running);
    };
    this.timers.set(chore, setTimeout(begin, chore.everyMs));
  }

  private async once({ name, run, pulse }: Chore): Promise<void> {
    try {
      const did = await run(this.orm.em.fork());
      pulse?.beat();
      if (did !== undefined && Object.values(did).some((value) => typeof value === 'number' && value > 0)) this.log.info(did, name);
    } catch (error) {
      this.log.warn({ chore: name, error: messageOf(error) }, 'a chore could not be done');
    }
  }
}
