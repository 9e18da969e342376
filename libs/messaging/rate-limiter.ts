import { setTimeout as sleep } from 'node:timers/promises';

/** Holds a process to so many sends a real second. */
export interface RateLimiter {
  /** Waits until at least one send is allowed. @returns how many are, at most `most` */
  take(most: number): Promise<number>;
  /** Returns what was taken and not used. */
  giveBack(count: number): void;
}

/** A token bucket that holds a tenth of a second's sends, so that no second sees many more than the rate. */
export function createRateLimiter(perSecond: number, realNow: () => number = () => performance.now()): RateLimiter {
  const capacity = Math.max(1, perSecond / 10);
  let tokens = capacity;
  let at = realNow();
  const refill = (): void => {
    const now = realNow();
    tokens = Math.min(capacity, tokens + ((now - at) / 1_000) * perSecond);
    at = now;
  };
  return {
    take: async (most) => {
      // Not one by one: a batch of a few costs the ledger as much as one of many.
      const enough = Math.min(most, Math.max(1, capacity / 2));
      refill();
      while (tokens < enough) {
        await sleep(Math.ceil(((enough - tokens) / perSecond) * 1_000));
        refill();
      }
      const taken = Math.min(most, Math.floor(tokens));
      tokens -= taken;
      return taken;
    },
    giveBack: (count) => {
      tokens = Math.min(capacity, tokens + count);
    },
  };
}
