import { errorClasses } from '../../channels/contract/provider-errors.js';
import type { BreakerState } from './provider.entity.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import type { BreakerLimits } from '../../channels/contract/channel-limits.js';

/** What one result says about the provider as a whole; null if nothing. */
export type Sign = 'works' | 'down' | 'refuses' | 'busy' | null;

export function signOf(result: SendResult): Sign {
  if (result.kind === 'accepted') return 'works';
  if (result.kind === 'withheld') return null;
  return errorClasses[result.errorClass].provider ?? null;
}

/** What one dispatcher has recently seen of a provider. */
export interface Tally {
  /** Failed submissions since the last that succeeded. */
  readonly inARow: number;
  /** The last submissions that say something about the provider, oldest first: whether they failed. At most `of`. */
  readonly recent: readonly boolean[];
}

export const emptyTally: Tally = { inARow: 0, recent: [] };

/** Adds results. A refusal of one address, and a busy provider, do not count. */
export function count(tally: Tally, signs: readonly Sign[], { of }: BreakerLimits): Tally {
  const failures = signs.filter((sign) => sign === 'works' || sign === 'down' || sign === 'refuses').map((sign) => sign !== 'works');
  if (failures.length === 0) return tally;
  const lastSuccess = failures.lastIndexOf(false);
  return {
    inARow: lastSuccess === -1 ? tally.inARow + failures.length : failures.length - 1 - lastSuccess,
    recent: [...tally.recent, ...failures].slice(-of),
  };
}

/** Whether the provider counts as failing: by a run of failures, or by their share of the last `of` submissions. */
export function isFailing({ inARow, recent }: Tally, { failuresInARow, share, of }: BreakerLimits): boolean {
  if (inARow >= failuresInARow) return true;
  return recent.length >= of && recent.filter(Boolean).length >= share * of;
}

/** The circuit breaker of one channel's provider, shared by all dispatchers. Instants are real milliseconds. */
export interface Breaker {
  readonly state: BreakerState;
  /** While open: when the provider is tried. While probing: when it is tried again if there is no result by then. */
  readonly openUntil: number | null;
  /** How often it opened in a row. */
  readonly trips: number;
}

export const closedBreaker: Breaker = { state: 'closed', openUntil: null, trips: 0 };

/** How long it stays open the `trips`th time in a row: twice as long each time, up to a limit. Milliseconds. */
export function openForMs(trips: number, { waitMs, longestWaitMs }: Pick<BreakerLimits, 'waitMs' | 'longestWaitMs'>): number {
  return Math.min(longestWaitMs, waitMs * 2 ** Math.min(trips - 1, 30));
}

/**
 * The next state after results. Closed: it opens when the provider is failing. Probing: one failure opens it again, one accepted message
 * closes it. Open: results of earlier submissions change nothing.
 * @param signs the newest results
 * @param failing whether the tally, these included, says that the provider fails
 */
export function afterResults(breaker: Breaker, signs: readonly Sign[], failing: boolean, limits: BreakerLimits, now: number): Breaker {
  const open = (): Breaker => {
    const trips = breaker.trips + 1;
    return { state: 'open', openUntil: now + openForMs(trips, limits), trips };
  };
  switch (breaker.state) {
    case 'closed':
      return failing ? open() : breaker;
    case 'probing':
      if (signs.some((sign) => sign === 'down' || sign === 'refuses')) return open();
      return signs.includes('works') ? closedBreaker : breaker;
    case 'open':
      return breaker;
  }
}

/**
 * How many of the messages that the rate allows may be tried now, and the breaker after that. provider-gate.ts has the same rule in SQL,
 * where a dispatcher's claim is admitted.
 */
export function admitted(
  breaker: Breaker,
  allowed: number,
  limits: BreakerLimits,
  now: number,
): { readonly count: number; readonly breaker: Breaker } {
  if (breaker.state === 'closed') return { count: allowed, breaker };
  if (breaker.openUntil !== null && now < breaker.openUntil) return { count: 0, breaker };
  if (allowed === 0) return { count: 0, breaker };
  return {
    count: Math.min(allowed, limits.probes),
    breaker: { ...breaker, state: 'probing', openUntil: now + limits.probeEveryMs },
  };
}
