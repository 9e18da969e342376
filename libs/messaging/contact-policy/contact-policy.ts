import type { ContactRestriction } from '../../customers/may-write.js';
import { nextOpening, nextQuiet, type ContactHours } from './contact-hours.js';
import { earliestFit, type ContactLimits } from './contact-limits.js';

/** Why a message is not sent, or not yet. */
export type ContactReason =
  | 'no-address'
  | ContactRestriction
  | 'offer-closed'
  | 'unknown-zone'
  | 'never-open'
  | 'cap'
  | 'gap'
  | 'priority'
  | 'quiet-hours'
  | 'preferred-hour'
  | 'offer-expires';

/** At least one reason, the main one first. */
export type ContactReasons = readonly [ContactReason, ...ContactReason[]];

/** Instants are milliseconds since 1970, in campaign time. */
export type ContactVerdict =
  | { readonly kind: 'send'; readonly sendBefore: number }
  | { readonly kind: 'defer'; readonly until: number; readonly reasons: ContactReasons }
  | { readonly kind: 'block'; readonly reasons: ContactReasons };

/** All that the contact policy asks about one customer, one channel and one moment. */
export interface ContactFacts {
  readonly now: number;
  /** What blocks messages of this purpose from the address (see may-write.ts); null if the customer has none on this channel. */
  readonly restrictions: readonly ContactRestriction[] | null;
  /** When each message of the purpose was sent, across all campaigns; `now` for one that is yet to be. */
  readonly sent: readonly number[];
  readonly limits: ContactLimits;
  /** When campaigns of greater priority mean to write to this customer. */
  readonly competing: readonly number[];
  /** From then on the message gives way to nobody: it has waited long enough. */
  readonly givesWayUntil: number;
  /** Null if the customer's zone is not known. */
  readonly hours: ContactHours | null;
  /** The part of `hours` in which the customer is likeliest to answer; null if no hour is better, or it was waited for already. */
  readonly likelyHours: ContactHours | null;
  /** The offer that the message is about; null if there is none. */
  readonly offer: { readonly open: boolean; readonly expiresAt: number } | null;
  /** When the enrolment ends. */
  readonly windowEndsAt: number;
}

const day = 86_400_000;
/** What a message that is never interrupted by quiet hours nor tied to an offer is given: it must not linger for ever. */
const longestMs = 7 * day;

/**
 * May this message be sent now, later, or not at all? Pure: the one place where the answer is made. Whether the address may
 * be written to at all is a rule of its own, since many are asked it at once (see may-write.ts).
 *
 * First what no waiting would fix; then the limits of how often, and whether a campaign of greater priority is to be let
 * through; then the quiet hours; last, where all would let it go, whether a likelier hour is near. A message that would be
 * deferred beyond its offer's expiry is blocked at once.
 */
export function judgeContact(facts: ContactFacts): ContactVerdict {
  const [first, ...more] = restrictionsOn(facts);
  if (first !== undefined) return { kind: 'block', reasons: [first, ...more] };
  const { now, hours } = facts;
  if (hours === null) return { kind: 'block', reasons: ['unknown-zone'] };

  const { freeAt, reasons } = freeOf(facts);
  const until = nextOpening(hours, freeAt);
  if (until === null) return { kind: 'block', reasons: hours.length > 1 ? ['unknown-zone', 'quiet-hours'] : ['never-open'] };
  const expiresAt = facts.offer?.expiresAt ?? Infinity;
  const [main, ...others] = until > freeAt ? [...reasons, 'quiet-hours' as const] : reasons;
  if (main !== undefined) {
    return until < expiresAt
      ? { kind: 'defer', until, reasons: [main, ...others] }
      : { kind: 'block', reasons: [main, ...others, 'offer-expires'] };
  }
  const likely = likelierAt(facts);
  if (likely !== null) return { kind: 'defer', until: likely, reasons: ['preferred-hour'] };
  return { kind: 'send', sendBefore: Math.min(nextQuiet(hours, now) ?? now + longestMs, expiresAt) };
}

/** What no waiting would fix. */
function restrictionsOn({ restrictions, offer, now }: ContactFacts): ContactReason[] {
  if (restrictions === null) return ['no-address'];
  const closed = offer !== null && (!offer.open || offer.expiresAt <= now);
  return closed ? [...restrictions, 'offer-closed'] : [...restrictions];
}

/** When one more message fits beside those that were sent and those that go first; and what it waits for. */
function freeOf(facts: ContactFacts): { readonly freeAt: number; readonly reasons: ContactReason[] } {
  const { now, sent, limits } = facts;
  const alone = earliestFit(sent, limits, now);
  const reasons: ContactReason[] = [];
  if (earliestFit(sent, { ...limits, gapMs: 0 }, now) > now) reasons.push('cap');
  if (earliestFit(sent, { ...limits, caps: [] }, now) > now) reasons.push('gap');
  const givingWay = givesWay(facts, alone);
  return givingWay > alone ? { freeAt: givingWay, reasons: ['priority', ...reasons] } : { freeAt: alone, reasons };
}

/**
 * When it may go so that every competing message still can at its own time. A competing message may never come: it is asked about again after a
 * day, and after `givesWayUntil` no more.
 */
function givesWay({ now, sent, competing, limits, givesWayUntil }: ContactFacts, alone: number): number {
  if (competing.length === 0 || now >= givesWayUntil) return alone;
  return Math.max(alone, Math.min(earliestFit([...sent, ...competing], limits, now), alone + day, givesWayUntil));
}

/** An hour within a day at which the customer is likelier to answer, where the offer still stands and no limit is touched. */
function likelierAt(facts: ContactFacts): number | null {
  const { now, likelyHours, offer, windowEndsAt } = facts;
  if (likelyHours === null) return null;
  const at = nextOpening(likelyHours, now);
  if (at === null || at === now || at > now + day || at >= Math.min(offer?.expiresAt ?? Infinity, windowEndsAt)) return null;
  return freeOf({ ...facts, now: at }).freeAt === at ? at : null;
}
