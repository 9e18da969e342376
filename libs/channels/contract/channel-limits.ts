/** When a provider counts as failing, and how it is retried. Milliseconds are real time. */
export interface BreakerLimits {
  readonly failuresInARow: number;
  /** Or this share (0 to 1) of the last `of` submissions. */
  readonly share: number;
  readonly of: number;
  readonly waitMs: number;
  readonly longestWaitMs: number;
  /** How many messages are tried at once after a wait, and how often. */
  readonly probes: number;
  readonly probeEveryMs: number;
}

/** How long all dispatchers wait when a provider asks to slow down: real milliseconds. */
export interface SlowDownLimits {
  readonly waitMs: number;
  readonly longestWaitMs: number;
  /** When it has asked for this long, an alert is raised. */
  readonly alertAfterMs: number;
}

/** A campaign pauses if more than this share (0 to 1) of its last messages is affected, at least `fewest` of at least `atLeast` sent messages. */
export interface RateLimit {
  readonly share: number;
  readonly atLeast: number;
  readonly fewest: number;
}

export interface ChannelLimits {
  readonly breaker: BreakerLimits;
  readonly slowDown: SlowDownLimits;
  /** Bounces and complaints are counted among this many of the last sent messages of a campaign. */
  readonly last: number;
  readonly bounces: RateLimit;
  readonly complaints: RateLimit;
}
