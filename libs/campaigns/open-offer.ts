import type { Outcome } from '../journeys/outcome.js';

/** What happens to an offer that is still open when its journey ends. `open`: it stays open until it is answered or expires. */
export type OfferAtEnd = 'open' | 'expired' | 'declined' | 'withdrawn';

/** Withdrawn if nothing is named. A person who has been handed the customer decides about the offer as well. */
const byOutcome: Readonly<Partial<Record<Outcome, OfferAtEnd>>> = {
  'handed-over': 'open',
  lapsed: 'expired',
  expired: 'expired',
  declined: 'declined',
};

/**
 * The one rule for open offers at the end of a journey: it ends them, and the desk uses it to announce what will happen.
 * @param taskWaits an answer of the customer waits at the desk: then the customer was not silent, and the offer stays open
 */
export function offerAtEnd(outcome: Outcome, taskWaits: boolean): OfferAtEnd {
  const becomes = byOutcome[outcome] ?? 'withdrawn';
  return becomes === 'expired' && taskWaits ? 'open' : becomes;
}
