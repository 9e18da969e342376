import type { Outcome } from '../journeys/outcome.js';

/** What becomes of an offer that is still open when its journey ends; `open`: it stays as it is until it is answered or expires. */
export type OfferAtEnd = 'open' | 'expired' | 'declined' | 'withdrawn';

/** Withdrawn where nothing is named. A person who has been handed the customer decides about the offer as well. */
const byOutcome: Readonly<Partial<Record<Outcome, OfferAtEnd>>> = {
  'handed-over': 'open',
  lapsed: 'expired',
  expired: 'expired',
  declined: 'declined',
};

/**
 * The one rule for open offers at the end of a journey: what ends them, and what the desk says beforehand.
 * @param taskWaits an answer of the customer waits at the desk: then silence was none, and ends nothing
 */
export function offerAtEnd(outcome: Outcome, taskWaits: boolean): OfferAtEnd {
  const becomes = byOutcome[outcome] ?? 'withdrawn';
  return becomes === 'expired' && taskWaits ? 'open' : becomes;
}
