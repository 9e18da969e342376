import type { EntityManager } from '@mikro-orm/postgresql';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Purpose } from '../../channels/purpose.js';
import { addressKindOf, type Channel } from '../../channels/table.js';
import { latestConsent } from '../../customers/latest-consent.js';
import { regionZone } from '../../platform/time-zones.js';
import { isOpenAt, latestOffer } from '../../offers/offer-sql.js';
import { query } from '../../persistence/sql.js';
import type { ContactWindow } from '../../channels/contact-window.js';
import type { Whereabouts } from '../contact-policy/quiet-hours.js';

/*
 * The facts that the contact policy reads from PostgreSQL, each in one statement for any number of enrolments or customers. The statements
 * find every row by an index, however large the tables are: a lateral join uses an index, while a plain join might read a whole table for a
 * large batch.
 */

/** The customer of an enrolment or a request, and its offer. */
export interface Recipient {
  /** The id of the enrolment or the request. */
  readonly askerId: string;
  /** Null outside of a journey, as its campaign. */
  readonly enrolmentId: string | null;
  readonly campaignId: string | null;
  /** The caller's reference; null within a journey. */
  readonly reference: string | null;
  /** The publication that the version of the campaign, or the request, is pinned to; null for the latest. */
  readonly publication: number | null;
  readonly priority: number;
  readonly windowEndsAt: Date | null;
  readonly customerId: string;
  readonly timeZone: string | null;
  readonly locale: string;
  readonly named: boolean;
  readonly preferredChannel: string | null;
  readonly preferredHours: readonly ContactWindow[] | null;
  readonly objectedAt: Date | null;
  readonly country: string | null;
  readonly subdivision: string | null;
  readonly offerId: string | null;
  readonly offerState: string | null;
  readonly offerExpiresAt: Date | null;
}

/** One address of a customer, and what blocks it. */
export interface ReachablePoint {
  readonly customerId: string;
  readonly id: string;
  readonly channel: Channel;
  readonly address: string;
  readonly addressHash: string;
  readonly dead: boolean;
  /** Why the address is suppressed; null if it is not. */
  readonly suppression: string | null;
  /** By purpose: the latest consent event for exactly this address; null if there is none. */
  readonly marketing: boolean | null;
  readonly service: boolean | null;
}

/** A message that was sent, may have been sent, or will be sent. */
export interface SentMessage {
  readonly customerId: string;
  readonly enrolmentId: string | null;
  readonly step: string | null;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** Null for one that is not sent yet. */
  readonly submittedAt: Date | null;
  /** It was for another customer with the same address. */
  readonly shared: boolean;
}

/** A message that another enrolment of the customer intends to send. */
export interface CompetingMessage {
  readonly customerId: string;
  readonly enrolmentId: string;
  readonly priority: number;
  /** Null if it has not asked yet. */
  readonly until: Date | null;
}

/** Nobody saw a bounced message: neither bounced nor refused messages count. */
const counted = ['planned', 'claimed', 'submitting', 'accepted', 'delivered', 'unknown'];

/**
 * Locks the contact points of these enrolments' and requests' customers until the transaction ends, so that no two journeys decide about
 * the same customer at once, or about one address of several customers, for which its oldest contact point is locked as well. The order is
 * the same everywhere (also for opt-outs), so that there are no deadlocks.
 */
export async function lockContactPoints(tx: EntityManager, askerIds: readonly string[]): Promise<void> {
  await query(
    tx,
    `with own as materialized (
       select p.id, p.address_hash from unnest($1::uuid[]) as w (id)
       cross join lateral (
         select customer_id from enrolment where id = w.id union all select customer_id from message_request where id = w.id limit 1) e
       cross join lateral (select id, address_hash from contact_point where customer_id = e.customer_id limit 20) p
     ), wanted as materialized (
       select id from own
       union
       select eldest.id from own cross join lateral (
         select id from contact_point where address_hash = own.address_hash order by id limit 1) eldest
     )
     select from wanted w cross join lateral (select id from contact_point where id = w.id limit 1) k
     join contact_point p on p.id = k.id
     order by p.id for update of p`,
    [askerIds],
  );
}

const whereabouts = `id as "customerId", time_zone as "timeZone", locale, coalesce(name, '') <> '' as named, preferred_channel as "preferredChannel",
  preferred_hours as "preferredHours", objected_at as "objectedAt", attributes ->> 'country' as country, attributes ->> 'subdivision' as subdivision`;

/** A request outside of a journey has priority over every campaign: somebody wants it sent now. It fits PostgreSQL's integer. */
const beforeAll = 2_147_483_647;

/** Enrolments and requests that do not exist are omitted. */
export async function loadRecipients(tx: EntityManager, askerIds: readonly string[]): Promise<Recipient[]> {
  return query<Recipient>(
    tx,
    `select e.id as "askerId", e.id as "enrolmentId", e.campaign_id as "campaignId", null as reference, v.publication, k.priority, e.measure_at as "windowEndsAt", c.*, o.*
     from unnest($1::uuid[]) as w (id)
     cross join lateral (select id, campaign_id, version_id, customer_id, measure_at from enrolment where id = w.id limit 1) e
     join campaign k on k.id = e.campaign_id
     join campaign_version v on v.id = e.version_id
     cross join lateral (
       select ${whereabouts} from customer where id = e.customer_id limit 1) c
     left join lateral ${latestOffer('l.id as "offerId", l.state as "offerState", l.expires_at as "offerExpiresAt"', 'e.id')} o on true
     union all
     select q.id, null, null, q.reference, q.publication, ${beforeAll}, q.ends_at, c.*, o.id, o.state, o.expires_at
     from unnest($1::uuid[]) as w (id)
     cross join lateral (select id, reference, publication, ends_at, customer_id, offer_id from message_request where id = w.id limit 1) q
     cross join lateral (select ${whereabouts} from customer where id = q.customer_id limit 1) c
     left join offer o on o.id = q.offer_id`,
    [askerIds],
  );
}

/** The customers' addresses with the latest consent for each: for exactly this channel, purpose and address. */
export async function loadPoints(tx: EntityManager, customerIds: readonly string[]): Promise<ReachablePoint[]> {
  const latest = (purpose: Purpose): string =>
    latestConsent('granted', { customer: 'p.customer_id', channel: 'p.channel', purpose: `'${purpose}'`, hash: 'p.address_hash' });
  return query<ReachablePoint>(
    tx,
    `select p.customer_id as "customerId", p.id, p.channel, p.address, p.address_hash as "addressHash", p.dead_at is not null as dead, s.reason as suppression,
            ${latest('marketing')} as marketing, ${latest('service')} as service
     from unnest($1::uuid[]) as w (id)
     cross join lateral (select * from contact_point where customer_id = w.id limit 20) p
     left join lateral (
       select reason from suppression where channel = p.channel and address_hash = p.address_hash limit 1) s on true`,
    [customerIds],
  );
}

const sentColumns = `enrolment_id as "enrolmentId", step, channel, purpose,
  case when state not in ('planned', 'claimed') then submitted_at end as "submittedAt"`;
const stillCounts = `(step is not null or not exists (select from reply r where r.message_id = message.id)) and state = any($3::text[])
  and case when state in ('planned', 'claimed') then send_before > $4 else submitted_at > $2 end`;

/**
 * The customers' messages since then, across all campaigns, and those that are still to be sent, without late ones. Also the messages of
 * other customers to a shared address. A person's replies are part of a conversation, and do not count.
 */
export async function loadSent(tx: EntityManager, customerIds: readonly string[], since: Date, now: Date): Promise<SentMessage[]> {
  return query<SentMessage>(
    tx,
    `select w.id as "customerId", m.* from unnest($1::uuid[]) as w (id)
     cross join lateral (
       select ${sentColumns}, false as shared from message where customer_id = w.id and ${stillCounts} limit 1000) m
     union all
     select w.id, m.* from unnest($1::uuid[]) as w (id)
     cross join lateral (select address_hash from contact_point where customer_id = w.id limit 20) p
     cross join lateral (
       select ${sentColumns}, true from message
       where address_hash = p.address_hash and customer_id <> w.id and ${stillCounts} limit 1000) m`,
    [customerIds, since, counted, now],
  );
}

/** A competing message that has not asked again within a day of its time no longer counts. */
const grace = `interval '1 day'`;

/**
 * The customers' other open enrolments in live campaigns that intend to write to them and have a higher priority than `above` has for the
 * customer: those whose last request was deferred and that still wait at that step, except for service messages, and those with an open
 * offer that was not sent yet.
 */
export async function loadCompetingMessages(tx: EntityManager, above: ReadonlyMap<string, number>, now: Date): Promise<CompetingMessage[]> {
  return query<CompetingMessage>(
    tx,
    `select w.id as "customerId", e.id as "enrolmentId", k.priority, d.until
     from unnest($1::uuid[], $2::int[]) as w (id, above)
     cross join lateral (
       select id, campaign_id, step from enrolment
       where customer_id = w.id and state = 'entered' and arm = 'treated' limit 100) e
     join campaign k on k.id = e.campaign_id and k.state = 'live' and k.priority > w.above
     left join lateral (
       select step, at, min(until) filter (where kind = 'defer') as until, bool_or(kind = 'send') as sent,
              bool_or(purpose = 'service') as service
       from decision where enrolment_id = e.id and kind in ('send', 'defer', 'block')
       group by step, occurrence, at order by at desc, occurrence desc limit 1) d on true
     where case
       when d.at is not null then not d.sent and not d.service and d.step = e.step and d.until > $3::timestamptz - ${grace}
       else exists (select from offer o where o.enrolment_id = e.id and ${isOpenAt('o', '$3::timestamptz')} and o.issued_at > $3::timestamptz - ${grace}) end`,
    [[...above.keys()], [...above.values()], now],
  );
}

/** The location and the choices of customers, independent of campaigns. */
export type CustomerWhereabouts = Pick<
  Recipient,
  'customerId' | 'timeZone' | 'locale' | 'preferredChannel' | 'preferredHours' | 'objectedAt' | 'country' | 'subdivision'
>;

export async function loadWhereabouts(em: EntityManager, customerIds: readonly string[]): Promise<CustomerWhereabouts[]> {
  return query<CustomerWhereabouts>(em, `select ${whereabouts} from customer where id = any($1::uuid[])`, [customerIds]);
}

/** The country from the company's data, otherwise from the telephone number, otherwise from the locale (`de-AT`). */
export function whereaboutsOf(recipient: CustomerWhereabouts, points: readonly ReachablePoint[]): Whereabouts {
  const number = points.find((point) => addressKindOf(point.channel) === 'phone')?.address;
  const isPlaced = recipient.timeZone !== null && regionZone(recipient.timeZone) !== undefined;
  const country =
    recipient.country ??
    (isPlaced || number === undefined ? undefined : parsePhoneNumberFromString(number)?.country) ??
    /^[a-z]{2,3}[-_]([A-Z]{2})$/.exec(recipient.locale)?.[1] ??
    null;
  return { timeZone: recipient.timeZone, country, subdivision: recipient.subdivision };
}
