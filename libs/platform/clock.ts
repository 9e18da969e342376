/**
 * Campaign time. Everything that asks "what time is it?" asks a clock that was handed to it, so that a demo can run a
 * campaign day in seconds and a simulator can run one in no time at all.
 */
export interface Clock {
  /** The present instant in campaign time. */
  now(): Date;
  /** How many real milliseconds pass while `campaignMs` milliseconds of campaign time do. */
  realMs(campaignMs: number): number;
}

/** A clock as plain data, for what crosses a process or a workflow's input. */
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
