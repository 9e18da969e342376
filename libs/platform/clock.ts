/**
 * Campaign time. Code that needs the time takes a clock as an argument, so that a demo can run a campaign day in seconds and a simulator
 * even faster.
 */
export interface Clock {
  /** The present instant in campaign time. */
  now(): Date;
  /** How many real milliseconds pass during `campaignMs` milliseconds of campaign time. */
  realMs(campaignMs: number): number;
}

/** A clock as plain data, for messages between processes and for a workflow's input. */
export interface ClockRate {
  /** ISO instant at which campaign time and real time were equal. */
  readonly origin: string;
  /** Campaign seconds in one real second. */
  readonly speed: number;
}

/** A clock that runs `speed` times as fast as the real one since `origin`; at speed 1 it is the real one. */
export function createClock(rate: ClockRate, realNow: () => number = () => Date.now()): Clock {
  const origin = Date.parse(rate.origin);
  return {
    now: () => new Date(rate.speed === 1 ? realNow() : origin + (realNow() - origin) * rate.speed),
    realMs: (campaignMs) => campaignMs / rate.speed,
  };
}

export const realTime: ClockRate = { origin: new Date(0).toISOString(), speed: 1 };
