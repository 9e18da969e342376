import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import type { Channel } from '../../channels/table.js';
import { restrictionsOf } from '../../customers/may-write.js';
import {
  loadPoints,
  loadRecipients,
  loadCompetingMessages,
  loadSent,
  whereaboutsOf,
  type ReachablePoint,
  type Recipient,
  type CompetingMessage,
  type SentMessage,
} from './contact-facts.js';
import type { ContactHours } from '../contact-policy/contact-hours.js';
import type { ContactFacts } from '../contact-policy/contact-policy.js';
import { loadHabits, preferredHours, type Habits } from '../habits/habits.js';
import type { PolicyTables } from '../contact-policy/policy-tables.js';
import { contactHoursOf, withRule } from '../contact-policy/quiet-hours.js';

/** All facts about the customers of a batch. Messages that the batch itself plans are added to it. */
export interface Known {
  /** By enrolment or request. */
  readonly recipients: ReadonlyMap<string, Recipient>;
  /** By customer, like the following ones. */
  readonly points: ReadonlyMap<string, readonly ReachablePoint[]>;
  readonly sent: Map<string, SentMessage[]>;
  readonly competing: Map<string, CompetingMessage[]>;
  readonly habits: ReadonlyMap<string, Habits>;
  /** The customers who have an address, by its hash. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
}

/**
 * Loads the facts that the contact policy needs about these enrolments and requests: a fixed number of statements, however many there are.
 * @param nows the moments for which the policy is asked; campaign time
 */
export async function loadKnown(
  tx: EntityManager,
  askerIds: readonly string[],
  nows: { readonly first: Date; readonly last: Date },
  { limits }: PolicyTables,
): Promise<Known> {
  const recipients = await loadRecipients(tx, askerIds);
  const customers = [...new Map(recipients.map((each) => [each.customerId, each])).values()];
  const customerIds = customers.map(({ customerId }) => customerId);
  const longest = Math.max(0, ...Object.values(limits).flatMap(({ caps, gapMs }) => [gapMs, ...caps.map(({ windowMs }) => windowMs)]));
  const points = await loadPoints(tx, customerIds);
  const sent = await loadSent(tx, customerIds, new Date(nows.first.getTime() - longest), nows.first);
  const least = new Map<string, number>();
  for (const { customerId, priority } of recipients) least.set(customerId, Math.min(priority, least.get(customerId) ?? priority));
  const competing = await loadCompetingMessages(tx, least, nows.last);
  // Enrolments that are in the batch themselves are handled in it, the higher priority first.
  const inBatch = new Set(askerIds);
  return {
    recipients: new Map(recipients.map((each) => [each.askerId, each])),
    points: byCustomer(points),
    sent: byCustomer(sent),
    competing: byCustomer(competing.filter(({ enrolmentId }) => !inBatch.has(enrolmentId))),
    habits: await loadHabits(tx, customers, nows.last),
    holders: holdersOf(points),
  };
}

function holdersOf(points: readonly ReachablePoint[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const { addressHash, customerId } of points) holders.set(addressHash, [...(holders.get(addressHash) ?? []), customerId]);
  return holders;
}

function byCustomer<Row extends { readonly customerId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.customerId);
    if (group === undefined) groups.set(row.customerId, [row]);
    else group.push(row);
  }
  return groups;
}

/** A question to the policy about one channel of one customer. */
export interface Asking {
  /** Null outside of a journey. */
  readonly step: string | null;
  /** Channels that failed permanently at this step: a message on them does not count as a message to the customer. */
  readonly except: readonly string[];
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly now: Date;
  /** This step has already waited for a better hour. */
  readonly waited: boolean;
  /** When the step first gave way to a campaign with a higher priority; null if it never did. */
  readonly gaveWayAt: Date | null;
}

/** The facts about one channel, and the address for a message. */
export interface Asked {
  readonly facts: ContactFacts;
  readonly point: ReachablePoint | undefined;
  /** The hours at which the customer is most likely to answer, whether or not a message has waited for them; null if none is known. */
  readonly likelyHours: ContactHours | null;
}

/** Collects the facts for the contact policy about one channel. */
export function factsFor(recipient: Recipient, asking: Asking, known: Known, tables: PolicyTables): Asked {
  const { channel, purpose, waited, gaveWayAt } = asking;
  const { customerId } = recipient;
  const now = asking.now.getTime();
  const points = known.points.get(customerId) ?? [];
  const point = points.find((each) => each.channel === channel);
  const hours = contactHoursOf(whereaboutsOf(recipient, points), channel, tables, recipient.preferredHours);
  const likelyHours = likelyIn(hours, known.habits.get(customerId), channel);
  const facts: ContactFacts = {
    now,
    restrictions:
      point === undefined ? null : restrictionsOf({ ...point, purpose, objected: recipient.objectedAt !== null, consent: point[purpose] }),
    sent: (known.sent.get(customerId) ?? []).flatMap((each) =>
      each.purpose === purpose && (!each.shared || each.channel === channel) && !isFailed(each, recipient, asking)
        ? [each.submittedAt?.getTime() ?? now]
        : [],
    ),
    limits: tables.limits[purpose],
    competing: (known.competing.get(customerId) ?? []).flatMap((other) =>
      // Priority is only among offers: a service message waits for none.
      purpose === 'marketing' && other.priority > recipient.priority && other.enrolmentId !== recipient.enrolmentId
        ? [Math.max(other.until?.getTime() ?? now, now)]
        : [],
    ),
    givesWayUntil: (gaveWayAt?.getTime() ?? now) + tables.maxDelayMs,
    hours,
    likelyHours: waited ? null : likelyHours,
    offer:
      recipient.offerExpiresAt === null ? null : { open: recipient.offerState === 'open', expiresAt: recipient.offerExpiresAt.getTime() },
    windowEndsAt: recipient.windowEndsAt?.getTime() ?? Infinity,
  };
  return { facts, point, likelyHours };
}

const isFailed = (sent: SentMessage, { enrolmentId }: Recipient, { step, except }: Asking): boolean =>
  enrolmentId !== null && sent.enrolmentId === enrolmentId && sent.step === step && except.includes(sent.channel);

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** The part of the hours in which the customer usually answers. */
function likelyIn(hours: ContactHours | null, habits: Habits | undefined, channel: Channel): ContactHours | null {
  const learnt = hours === null || habits === undefined ? null : preferredHours(habits, channel);
  if (hours === null || learnt === null) return null;
  return withRule(
    hours,
    learnt.hours.map((hour) => ({ days: everyDay, from: hour * 60, to: (hour + 1) * 60 })),
  );
}
