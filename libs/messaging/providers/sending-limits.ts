import { z } from 'zod';
import type { ChannelLimits, RateLimit } from '../../channels/contract/channel-limits.js';
import type { Channel } from '../../channels/table.js';
import { byChannel } from '../contract/by-channel.js';
import { readConfigFile } from '../../platform/config-file.js';

export type SendingLimits = Readonly<Record<Channel, ChannelLimits>>;

const share = z
  .string()
  .regex(/^\d+(\.\d+)?%$/, 'must be a share, such as 5%')
  .transform((text) => Number(text.slice(0, -1)) / 100)
  .refine((value) => value > 0 && value < 1, 'is more than 0% and less than 100%');
const seconds = z.number().positive();
const waits = { waitSeconds: seconds, longestWaitSeconds: seconds };
const grows = ({ waitSeconds, longestWaitSeconds }: { waitSeconds: number; longestWaitSeconds: number }): boolean =>
  waitSeconds <= longestWaitSeconds;
const shrinks = 'the longest wait is shorter than the first';

const breaker = z
  .strictObject({
    ...waits,
    failuresInARow: z.int().min(2),
    share,
    of: z.int().min(10),
    probes: z.int().min(1),
    probeEverySeconds: seconds,
  })
  .refine(grows, shrinks)
  .transform(({ waitSeconds, longestWaitSeconds, probeEverySeconds, ...rest }) => ({
    ...rest,
    waitMs: waitSeconds * 1_000,
    longestWaitMs: longestWaitSeconds * 1_000,
    probeEveryMs: probeEverySeconds * 1_000,
  }));
const slowDown = z
  .strictObject({ ...waits, alertAfterSeconds: seconds })
  .refine(grows, shrinks)
  .transform(({ waitSeconds, longestWaitSeconds, alertAfterSeconds }) => ({
    waitMs: waitSeconds * 1_000,
    longestWaitMs: longestWaitSeconds * 1_000,
    alertAfterMs: alertAfterSeconds * 1_000,
  }));
const rate = z.strictObject({ share, atLeast: z.int().min(1), fewest: z.int().min(1) });
const enough = ({ last, bounces, complaints }: { last: number; bounces: RateLimit; complaints: RateLimit }): boolean =>
  Math.max(bounces.atLeast, complaints.atLeast) <= last;

const channelLimits = z
  .strictObject({ breaker, slowDown, last: z.int().min(1), bounces: rate, complaints: rate })
  .refine(enough, '`last` is less than an `atLeast`');

/** The shape of sending-limits.yaml: an entry for every channel without default limits. */
export const sendingLimitsFile: z.ZodType<SendingLimits> = byChannel(channelLimits, ({ limits }) => limits);

/**
 * Reads config/sending-limits.yaml.
 * @throws Problem if it is not valid, or a channel is missing: then no sending process starts
 */
export function readSendingLimits(): SendingLimits {
  return readConfigFile('sending-limits.yaml', sendingLimitsFile);
}
