import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { channels, type Channel } from '../../channels/table.js';
import { projectFile } from '../../platform/project-file.js';

/** When a provider counts as failing, and how it is tried again. Milliseconds are real ones. */
export interface BreakerLimits {
  readonly failuresInARow: number;
  /** Or this share (0 to 1) of the last `of` submissions. */
  readonly share: number;
  readonly of: number;
  readonly waitMs: number;
  readonly longestWaitMs: number;
  /** Messages that are tried at once after a wait, and how often. */
  readonly probes: number;
  readonly probeEveryMs: number;
}

/** How long all dispatchers wait when a provider asks for patience: real milliseconds. */
export interface SlowDownLimits {
  readonly waitMs: number;
  readonly longestWaitMs: number;
  /** When it has asked for so long, an alert is raised. */
  readonly alertAfterMs: number;
}

/** Above this share (0 to 1) of the last messages sent a campaign pauses, once `atLeast` were sent and there are `fewest` of it. */
export interface RateLimit {
  readonly share: number;
  readonly atLeast: number;
  readonly fewest: number;
}

export interface ChannelLimits {
  readonly breaker: BreakerLimits;
  readonly slowDown: SlowDownLimits;
  /** How many messages of a campaign, the last that were sent, bounces and complaints are counted among. */
  readonly last: number;
  readonly bounces: RateLimit;
  readonly complaints: RateLimit;
}

export type SendingLimits = Readonly<Record<Channel, ChannelLimits>>;

const share = z
  .string()
  .regex(/^\d+(\.\d+)?%$/, 'is a share, such as 5%')
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

/** The shape of sending-limits.yaml: an entry for every channel. */
export const sendingLimitsFile = z.record(
  z.enum(channels),
  z
    .strictObject({ breaker, slowDown, last: z.int().min(1), bounces: rate, complaints: rate })
    .refine(enough, '`last` is less than an `atLeast`'),
);

/**
 * Reads config/sending-limits.yaml.
 * @throws Error where it is not what it should be, or a channel is missing: no process that sends starts then
 */
export function readSendingLimits(): SendingLimits {
  const parsed = sendingLimitsFile.safeParse(parse(readFileSync(projectFile('config', 'sending-limits.yaml'), 'utf8')));
  if (!parsed.success) throw new Error(`config/sending-limits.yaml is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
