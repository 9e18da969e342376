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

/** The facts that the contact policy needs about one customer, one channel and one moment. */
export interface ContactFacts {
  readonly now: number;
  /** What blocks messages of this purpose from the address (see may-write.ts); null if the customer has none on this channel. */
  readonly restrictions: readonly ContactRestriction[] | null;
  /** When each message of the purpose was sent, across all campaigns; `now` for one that is not sent yet. */
  readonly sent: readonly number[];
  readonly limits: ContactLimits;
  /** When campaigns with a higher priority intend to write to this customer. */
  readonly competing: readonly number[];
  /** From then on the message gives way to no campaign: it has waited long enough. */
  readonly givesWayUntil: number;
  /** Null if the customer's zone is not known. */
  readonly hours: ContactHours | null;
  /** The part of `hours` in which the customer is most likely to answer; null if no hour is better, or the message has already waited for it. */
  readonly likelyHours: ContactHours | null;
  /** The offer that the message is about; null if there is none. */
  readonly offer: { readonly open: boolean; readonly expiresAt: number } | null;
  /** When the enrolment ends. */
  readonly windowEndsAt: number;
}

const day = 86_400_000;
/** The time limit of a message without quiet hours and without an offer, so that it does not wait for ever. */
const longestMs = 7 * day;

/**
 * Decides whether a message may be sent now, later, or not at all. Pure: the only place that decides this. Whether the address may be
 * written to at all is a separate rule, because it is also checked for many at once (see may-write.ts).
 *
 * First come obstacles that no waiting removes; then the frequency limits and campaigns with a higher priority; then the quiet hours; last,
 * if nothing is in the way, whether a better hour is near. A message that would be deferred beyond its offer's expiry is blocked at once.
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

/** Obstacles that no waiting removes. */
function restrictionsOn({ restrictions, offer, now }: ContactFacts): ContactReason[] {
  if (restrictions === null) return ['no-address'];
  const closed = offer !== null && (!offer.open || offer.expiresAt <= now);
  return closed ? [...restrictions, 'offer-closed'] : [...restrictions];
}

/** When one more message fits beside the sent ones and those that go first, and the reason for the wait. */
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
 * When it may be sent so that every competing message still can be sent at its own time. A competing message may never come, so this is
 * checked again after a day, and no more after `givesWayUntil`.
 */
function givesWay({ now, sent, competing, limits, givesWayUntil }: ContactFacts, alone: number): number {
  if (competing.length === 0 || now >= givesWayUntil) return alone;
  return Math.max(alone, Math.min(earliestFit([...sent, ...competing], limits, now), alone + day, givesWayUntil));
}

/** An hour within a day at which the customer is more likely to answer, if the offer is still open and no limit is exceeded. */
function likelierAt(facts: ContactFacts): number | null {
  const { now, likelyHours, offer, windowEndsAt } = facts;
  if (likelyHours === null) return null;
  const at = nextOpening(likelyHours, now);
  if (at === null || at === now || at > now + day || at >= Math.min(offer?.expiresAt ?? Infinity, windowEndsAt)) return null;
  return freeOf({ ...facts, now: at }).freeAt === at ? at : null;
}
