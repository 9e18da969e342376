import { Worker } from 'bullmq';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../../../libs/customers/contact-point.entity.js';
import type { ChannelDispatcher } from '../../../libs/messaging/channel-dispatcher.js';
import { queueName, redisConnection, sayGoodbye } from '../../../libs/messaging/hints.js';
import { sweep } from '../../../libs/messaging/ledger.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';

/** Real milliseconds between two sweeps: how late a message may start when its hint was lost. */
const sweepEveryMs = 1_000;

/** Drains a channel whenever a hint arrives. Redis may come and go: what it does not say, the sweeper finds. */
export function listenForHints(channel: Channel, dispatcher: ChannelDispatcher, redisUrl: string, log: Logger): { close(): Promise<void> } {
  let closed = false;
  const warn = (error: unknown): void => {
    if (!closed) log.warn({ channel, error: error instanceof Error ? error.message : String(error) }, 'the hint queue is not reachable');
  };
  const worker = new Worker(queueName(channel), () => dispatcher.drain(), {
    connection: redisConnection(redisUrl),
    concurrency: 1,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', warn);
  return {
    close: async () => {
      closed = true;
      await sayGoodbye(worker.close(true));
    },
  };
}

/** Sweeps the ledger and drains every channel once a second, whatever Redis does. */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly orm: MikroORM,
    private readonly dispatchers: readonly ChannelDispatcher[],
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweepOnce().finally(() => {
        if (!this.closed) this.start();
      });
    }, sweepEveryMs);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  private async sweepOnce(): Promise<void> {
    for (const dispatcher of this.dispatchers) void dispatcher.drain();
    try {
      const swept = await sweep(this.orm.em.fork(), this.clock.now());
      if (swept.released + swept.unknown + swept.late > 0) this.log.info(swept, 'the ledger was swept');
    } catch (error) {
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the ledger could not be swept');
    }
  }
}
