import type { Purpose } from '../customers/consent-event.entity.js';
import { nextOpening, nextQuiet, type ContactHours } from './contact-hours.js';

/** Why a message is not sent, or not yet. */
export type ContactReason =
  | 'no-address'
  | 'suppressed'
  | 'dead-address'
  | 'objected'
  | 'no-consent'
  | 'offer-closed'
  | 'unknown-zone'
  | 'cap'
  | 'quiet-hours'
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
  readonly purpose: Purpose;
  /** Null where the customer has no contact point on this channel. */
  readonly address: {
    readonly dead: boolean;
    readonly suppressed: boolean;
    /** The latest consent event of this channel, purpose and address; null where there is none. */
    readonly consent: 'granted' | 'withdrawn' | null;
  } | null;
  /** Objected to marketing altogether (GDPR article 21). */
  readonly objected: boolean;
  /** When each marketing message of the last `cap.windowMs` was sent, across all campaigns; `now` for one that is yet to be. */
  readonly sent: readonly number[];
  readonly cap: { readonly messages: number; readonly windowMs: number };
  /** Null where nothing tells the customer's zone. */
  readonly hours: ContactHours | null;
  /** The offer that the message is about; null where there is none. */
  readonly offer: { readonly open: boolean; readonly expiresAt: number } | null;
}

/** What a message that is never interrupted by quiet hours nor tied to an offer is given: it must not linger for ever. */
const longestMs = 7 * 86_400_000;

/**
 * May this message be sent now, later, or not at all? Pure: the one place where the answer is made.
 * A message that would be deferred beyond its offer's expiry is blocked at once.
 */
export function judgeContact(facts: ContactFacts): ContactVerdict {
  const [first, ...more] = barsTo(facts);
  if (first !== undefined) return { kind: 'block', reasons: [first, ...more] };
  if (facts.hours === null) return { kind: 'block', reasons: ['unknown-zone'] };

  const freeAt = facts.purpose === 'marketing' ? capFreeAt(facts) : facts.now;
  const until = nextOpening(facts.hours, freeAt);
  if (until === null) return { kind: 'block', reasons: ['unknown-zone', 'quiet-hours'] };

  const expiresAt = facts.offer?.expiresAt ?? Infinity;
  if (until > facts.now) {
    const reasons = waitingFor(freeAt > facts.now, until > freeAt);
    return until < expiresAt ? { kind: 'defer', until, reasons } : { kind: 'block', reasons: [...reasons, 'offer-expires'] };
  }
  return { kind: 'send', sendBefore: Math.min(nextQuiet(facts.hours, facts.now) ?? facts.now + longestMs, expiresAt) };
}

/** What no waiting would mend. */
function barsTo({ address, purpose, objected, offer, now }: ContactFacts): ContactReason[] {
  if (address === null) return ['no-address'];
  const marketing = purpose === 'marketing';
  const bars: readonly (readonly [boolean, ContactReason])[] = [
    [address.suppressed, 'suppressed'],
    [address.dead, 'dead-address'],
    [marketing && objected, 'objected'],
    [marketing ? address.consent !== 'granted' : address.consent === 'withdrawn', 'no-consent'],
    [offer !== null && (!offer.open || offer.expiresAt <= now), 'offer-closed'],
  ];
  return bars.filter(([holds]) => holds).map(([, reason]) => reason);
}

/** When one more message fits under the cap: now, or as soon as enough of the earlier ones left the window. */
function capFreeAt({ now, sent, cap }: ContactFacts): number {
  const inWindow = sent.filter((at) => at > now - cap.windowMs).sort((a, b) => a - b);
  const leaves = inWindow[inWindow.length - cap.messages];
  return leaves === undefined ? now : leaves + cap.windowMs;
}

function waitingFor(cap: boolean, quiet: boolean): ContactReasons {
  if (!cap) return ['quiet-hours'];
  return quiet ? ['cap', 'quiet-hours'] : ['cap'];
}
