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
