import { channelKinds, channels, type Channel } from '../channels/table.js';
import { latestConsent } from './latest-consent.js';
import { purposes, type Purpose } from '../channels/purpose.js';

/** What an opt-out ends at an address: the channel declares it. */
export const optOutEnds = (channel: Channel): readonly Purpose[] => channelKinds.get(channel).optOutEnds;

/** Why nothing may be sent to an address for a purpose, at any hour, until somebody changes that. The most serious reason comes first. */
export const contactRestrictions = ['suppressed', 'dead-address', 'objected', 'no-consent', 'withdrawn'] as const;
export type ContactRestriction = (typeof contactRestrictions)[number];

/** The facts that the rule needs about one address of one customer, and one purpose. */
export interface Standing {
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** The provider reported permanently that the address does not exist. */
  readonly dead: boolean;
  /** Reason of the suppression of the address; null if there is none. */
  readonly suppression: string | null;
  /** The customer objected to marketing altogether (GDPR article 21). */
  readonly objected: boolean;
  /** The latest consent event of the customer for exactly this channel, purpose and address; null if there is none. */
  readonly consent: boolean | null;
}

/** The same in SQL for many customers: aliases of `customer` and `contact_point`, and an SQL expression of the purpose. */
export interface StandingColumns {
  readonly customer: string;
  readonly point: string;
  readonly purpose: string;
}

/** One condition with its two evaluations: for one address, and as SQL, which is never null. */
interface Condition {
  readonly holds: (standing: Standing) => boolean;
  readonly sql: (columns: StandingColumns) => string;
}

const all = (...sides: readonly Condition[]): Condition => ({
  holds: (standing) => sides.every((side) => side.holds(standing)),
  sql: (columns) => `(${sides.map((side) => side.sql(columns)).join(' and ')})`,
});
const either = (...sides: readonly Condition[]): Condition => ({
  holds: (standing) => sides.some((side) => side.holds(standing)),
  sql: (columns) => `(${sides.map((side) => side.sql(columns)).join(' or ')})`,
});
const not = (of: Condition): Condition => ({
  holds: (standing) => !of.holds(standing),
  sql: (columns) => `(not ${of.sql(columns)})`,
});

const forMarketing: Condition = {
  holds: ({ purpose }) => purpose === 'marketing',
  sql: ({ purpose }) => `(${purpose} = 'marketing')`,
};
const dead: Condition = { holds: (standing) => standing.dead, sql: ({ point }) => `(${point}.dead_at is not null)` };
const objected: Condition = { holds: (standing) => standing.objected, sql: ({ customer }) => `(${customer}.objected_at is not null)` };
/** The latest consent event is a grant (or a withdrawal): false if there is none. */
const latestIs = (granted: boolean): Condition => ({
  holds: ({ consent }) => consent === granted,
  sql: ({ point, purpose }) => `coalesce(${latestConsent('granted', { ...addressOf(point), purpose })} = ${String(granted)}, false)`,
});
const addressOf = (point: string) => ({ customer: `${point}.customer_id`, channel: `${point}.channel`, hash: `${point}.address_hash` });

/** The address is suppressed for a reason with this property. */
const suppressed = (such: Condition): Condition => ({
  holds: (standing) => standing.suppression !== null && such.holds(standing),
  sql: (columns) => `exists (select from suppression s
    where s.channel = ${columns.point}.channel and s.address_hash = ${columns.point}.address_hash and ${such.sql(columns)})`,
});
const byOptOut: Condition = { holds: ({ suppression }) => suppression === 'opt-out', sql: () => `(s.reason = 'opt-out')` };
const endedByOptOut: Condition = {
  holds: ({ channel, purpose }) => optOutEnds(channel).includes(purpose),
  sql: ({ point, purpose }) => `((${point}.channel, ${purpose}) in (${endedPairs().join(', ')}))`,
};
const endedPairs = (): readonly string[] =>
  channels.flatMap((channel) => optOutEnds(channel).map((purpose) => `('${channel}', '${purpose}')`));

/**
 * The one rule about who may be written to. An opt-out blocks what it ends; a complaint, an erasure and a dead address block everything.
 * Marketing needs a grant and no objection; a service message only no withdrawal.
 */
const rule: Readonly<Record<ContactRestriction, Condition>> = {
  suppressed: suppressed(either(not(byOptOut), endedByOptOut)),
  'dead-address': dead,
  objected: all(forMarketing, objected),
  'no-consent': all(forMarketing, not(latestIs(true))),
  withdrawn: all(not(forMarketing), latestIs(false)),
};

/** Everything that now blocks messages for the purpose to the address; empty if it may be written to. */
export function restrictionsOf(standing: Standing): ContactRestriction[] {
  return contactRestrictions.filter((restriction) => rule[restriction].holds(standing));
}

/** Whether the address may be written to for the purpose; the contact policy decides at which hours and how often. */
export function mayWriteTo(standing: Standing): boolean {
  return contactRestrictions.every((restriction) => !rule[restriction].holds(standing));
}

/** The same in SQL for many customers: a condition that is never null. */
export function mayWriteToSql(columns: StandingColumns): string {
  return `(${contactRestrictions.map((restriction) => `not ${rule[restriction].sql(columns)}`).join('\n  and ')})`;
}

/** The purposes that a suppression of an address blocks. @param reason of the suppression; null if there is none */
export function suppressedPurposes(channel: Channel, reason: string | null): Purpose[] {
  return purposes.filter((purpose) =>
    rule.suppressed.holds({ channel, purpose, suppression: reason, dead: false, objected: false, consent: null }),
  );
}

/** The purposes for which an address may be written to. @param consentOf the latest consent event by purpose */
export function usesOf(
  address: Omit<Standing, 'purpose' | 'consent'>,
  consentOf: Readonly<Partial<Record<Purpose, boolean | null>>>,
): Purpose[] {
  return purposes.filter((purpose) => mayWriteTo({ ...address, purpose, consent: consentOf[purpose] ?? null }));
}
