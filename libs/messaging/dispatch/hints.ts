import { Queue, type ConnectionOptions } from 'bullmq';
import { channels, type Channel } from '../../channels/table.js';
import type { Logger } from '../../platform/log.js';
import { atMostEvery } from '../../platform/at-most-every.js';
import { messageOf } from '../../platform/message-of.js';

/** Hints to the dispatcher that there is work. Only a hint: a lost one costs at most the second until the next sweep. */
export interface DispatchHints {
  /** Returns at once and never throws; many calls in a row make one job. */
  hint(channel: Channel): Promise<void>;
  close(): Promise<void>;
}

/** The queue for the hints of a channel. */
export function queueName(channel: Channel): string {
  return `dispatch-${channel}`;
}

/** How both ends connect: they wait until Redis is available again, however long it takes. */
export function redisConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null, retryStrategy: (attempt: number) => Math.min(100 * attempt, 1_000) };
}

/** Waits a short time for a connection to close: if Redis is unavailable, it never replies. */
export async function sayGoodbye(closing: Promise<unknown>): Promise<void> {
  const timeoutMs = new Promise((resolve) => setTimeout(resolve, 1_000).unref());
  await Promise.race([closing.catch(() => undefined), timeoutMs]);
}

export function createHints(redisUrl: string, log: Logger): DispatchHints {
  const hinters = new Map(channels.map((channel) => [channel, new ChannelHinter(channel, redisUrl, log)]));
  return {
    hint: (channel) => {
      hinters.get(channel)?.hint();
      return Promise.resolve();
    },
    close: async () => {
      await Promise.all([...hinters.values()].map((hinter) => hinter.close()));
    },
  };
}

/** Real milliseconds between two log lines while Redis is unavailable. */
export const warnEveryMs = 60_000;
/** Real milliseconds in which hints are collected into one job. */
const gatherMs = 10;

/** At most one running job and one more after it, however many hints come, and whether or not Redis is available. */
class ChannelHinter {
  private readonly queue: Queue;
  private asked = false;
  private adding = false;
  private closed = false;

  constructor(
    private readonly channel: Channel,
    redisUrl: string,
    private readonly log: Logger,
  ) {
    this.queue = new Queue(queueName(channel), {
      connection: redisConnection(redisUrl),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.queue.on('error', (error) => this.warn(error));
  }

  hint(): void {
    this.asked = true;
    if (!this.adding && !this.closed) void this.add();
  }

  async close(): Promise<void> {
    this.closed = true;
    await sayGoodbye(this.queue.close());
  }

  private async add(): Promise<void> {
    this.adding = true;
    while (this.asked && !this.closed) {
      this.asked = false;
      await this.addUnlessOneWaits().catch((error: unknown) => this.warn(error));
      await new Promise((resolve) => setTimeout(resolve, gatherMs).unref());
    }
    this.adding = false;
  }

  /** A waiting job will see everything that was committed before now, so it covers this hint too. A running job may not. */
  private async addUnlessOneWaits(): Promise<void> {
    if ((await this.queue.getWaitingCount()) === 0) await this.queue.add('drain', {});
  }

  private readonly warn = atMostEvery(warnEveryMs, (error: unknown) => {
    if (!this.closed) this.log.warn({ channel: this.channel, error: messageOf(error) }, 'the hint queue is not reachable');
  });
}
