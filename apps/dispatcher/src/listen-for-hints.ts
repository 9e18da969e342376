import { Worker } from 'bullmq';
import type { Channel } from '../../../libs/channels/table.js';
import { queueName, redisConnection, sayGoodbye, warnEveryMs } from '../../../libs/messaging/dispatch/hints.js';
import type { Logger } from '../../../libs/platform/log.js';
import { atMostEvery } from '../../../libs/platform/at-most-every.js';
import { messageOf } from '../../../libs/platform/message-of.js';

/** Wakes a channel's dispatcher whenever a hint arrives. Redis may be unavailable: the sweeper finds messages without a hint. */
export function listenForHints(channel: Channel, wake: () => void, redisUrl: string, log: Logger): { close(): Promise<void> } {
  let closed = false;
  const warn = atMostEvery(warnEveryMs, (error: unknown) => {
    if (!closed) log.warn({ channel, error: messageOf(error) }, 'the hint queue is not reachable');
  });
  const heard = (): Promise<void> => {
    wake();
    return Promise.resolve();
  };
  const worker = new Worker(queueName(channel), heard, {
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
