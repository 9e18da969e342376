import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import { addressKindOf, channelKinds, type Channel } from '../../channels/table.js';
import { restrictionsOf, usesOf } from '../../customers/may-write.js';
import { query } from '../../persistence/sql.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { nextQuiet, type ContactHours } from '../contact-policy/contact-hours.js';
import type { ContactLimits } from '../contact-policy/contact-limits.js';
import { judgeContact, type ContactFacts, type ContactReason } from '../contact-policy/contact-policy.js';
import type { PolicyTables } from '../contact-policy/policy-tables.js';
import { contactHoursOf } from '../contact-policy/quiet-hours.js';
import { loadPoints, loadWhereabouts, whereaboutsOf, type CustomerWhereabouts, type ReachablePoint } from './contact-facts.js';

/** The question that a reply answers. */
export interface Asked {
  readonly customerId: string;
  readonly channel: Channel;
  /** When the customer wrote; campaign time. */
  readonly at: Date;
}

/** Whether a reply may be sent, and when. */
export type ReplyVerdict =
  | {
      readonly kind: 'send';
      readonly contactPointId: string;
      readonly address: string;
      readonly notBefore: Date;
      readonly sendBefore: Date;
    }
  | { readonly kind: 'block'; readonly reason: ContactReason | 'conversation-over' | 'channel-off' };

/** How one customer may be reached, for a person at the desk. */
export interface Reach {
  readonly timeZone: string | null;
  readonly preferredChannel: string | null;
  readonly contactPoints: readonly {
    readonly channel: Channel;
    readonly address: string;
    /** What may be sent on this channel. */
    readonly uses: readonly Purpose[];
  }[];
}

/** The facts about the customers of some tasks: two statements, however many they are. */
export interface ReplyFacts {
  readonly customers: ReadonlyMap<string, CustomerWhereabouts>;
  readonly points: ReadonlyMap<string, readonly ReachablePoint[]>;
}

/** How long after the question a reply disturbs nobody, in campaign milliseconds: a customer who asks at night is awake. */
const atOnceMs = 60 * 60 * 1000;
/** A reply that was not sent within a week is dropped. */
const longestMs = 7 * 24 * 60 * 60 * 1000;
const noLimits: ContactLimits = { caps: [], gapMs: 0 };
const atAnyTime: ContactHours = [];

export async function loadReplyFacts(em: EntityManager, customerIds: readonly string[]): Promise<ReplyFacts> {
  const ids = [...new Set(customerIds)];
  const whereabouts = await loadWhereabouts(em, ids);
  const points = await loadPoints(em, ids);
  return {
    customers: new Map(whereabouts.map((each) => [each.customerId, each])),
    points: new Map(ids.map((id) => [id, points.filter(({ customerId }) => customerId === id)])),
  };
}

/**
 * Whether a person's reply may be sent to the address that the question came from. The contact policy treats it as a reply to a question:
 * with the purpose `service`, without caps, gaps and priority. A mail may be sent at any time, and a text within an hour of the question;
 * after that a text waits for the end of the quiet hours. Pure.
 */
export function judgeReply(
  { customerId, channel, at }: Asked,
  facts: ReplyFacts,
  tables: PolicyTables,
  clock: Pick<Clock, 'realMs'>,
  now: Date,
): ReplyVerdict {
  const customer = facts.customers.get(customerId);
  const points = facts.points.get(customerId) ?? [];
  const point = points.find((each) => each.channel === channel);
  if (!tables.channels.includes(channel)) return { kind: 'block', reason: 'channel-off' };
  if (customer === undefined || point === undefined) return { kind: 'block', reason: 'no-address' };
  const disturbs = addressKindOf(channel) === 'phone' && now.getTime() - at.getTime() > atOnceMs;
  const hours = !disturbs ? atAnyTime : contactHoursOf(whereaboutsOf(customer, points), channel, tables, customer.preferredHours);
  const asked: ContactFacts = {
    now: now.getTime(),
    restrictions: restrictionsOf({ ...point, purpose: 'service', objected: customer.objectedAt !== null, consent: point.service }),
    sent: [],
    limits: noLimits,
    competing: [],
    givesWayUntil: now.getTime(),
    hours,
    likelyHours: null,
    offer: null,
    windowEndsAt: Infinity,
  };
  const verdict = judgeContact(asked);
  if (verdict.kind === 'block') return { kind: 'block', reason: verdict.reasons[0] };
  const notBefore = verdict.kind === 'defer' ? verdict.until : now.getTime();
  const quiet = hours === null ? null : nextQuiet(hours, notBefore);
  const wordsUntil = at.getTime() + channelKinds.get(channel).replies.withinMs / clock.realMs(1);
  const sendBefore = Math.min(quiet ?? Infinity, notBefore + longestMs, wordsUntil);
  if (sendBefore <= notBefore) return { kind: 'block', reason: 'conversation-over' };
  return {
    kind: 'send',
    contactPointId: point.id,
    address: point.address,
    notBefore: new Date(notBefore),
    sendBefore: new Date(sendBefore),
  };
}

/** How the customer may be reached, from loaded facts. Pure. */
export function reachOf(customerId: string, { customers, points }: ReplyFacts): Reach {
  const customer = customers.get(customerId);
  return {
    timeZone: customer?.timeZone ?? null,
    preferredChannel: customer?.preferredChannel ?? null,
    contactPoints: (points.get(customerId) ?? []).map((point) => ({
      channel: point.channel,
      address: point.address,
      uses: usesOf({ ...point, objected: customer?.objectedAt != null }, point),
    })),
  };
}

export interface NewReply {
  readonly asked: Asked;
  readonly taskId: string;
  readonly enrolmentId: string | null;
  /** The offer that an answer to the reply would accept. */
  readonly offerId: string | null;
  /** The number of this reply in the task, from 1. */
  readonly occurrence: number;
  readonly verdict: Extract<ReplyVerdict, { kind: 'send' }>;
  readonly now: Date;
}

/**
 * Plans a reply in the ledger, where it is claimed, sent and settled like any other message. It belongs to no campaign.
 * @returns the id of the message
 */
export async function insertReply(tx: EntityManager, reply: NewReply): Promise<string> {
  const { asked, taskId, enrolmentId, offerId, occurrence, verdict, now } = reply;
  const id = newId();
  await query(
    tx,
    `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, offer_id, reference, occurrence, channel, purpose,
                          template, state, not_before, send_before, planned_at)
     values ($1, $2, null, $3, $4, $5, $6, $7, $8, 'service', 'reply', 'planned', $9, $10, $11)`,
    [
      id,
      enrolmentId,
      asked.customerId,
      verdict.contactPointId,
      offerId,
      `desk:${taskId}`,
      occurrence,
      asked.channel,
      verdict.notBefore,
      verdict.sendBefore,
      now,
    ],
  );
  return id;
}
