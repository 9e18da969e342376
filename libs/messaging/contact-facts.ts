import type { EntityManager } from '@mikro-orm/postgresql';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Purpose } from '../customers/consent-event.entity.js';
import type { Channel } from '../customers/contact-point.entity.js';
import { query, queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import type { ContactFacts } from './contact-policy.js';
import type { PolicyTables } from './policy-tables.js';
import { contactHoursOf, type Whereabouts } from './quiet-hours.js';

/** The customer behind an enrolment and the offer it holds. */
export interface Recipient {
  readonly campaignId: string;
  readonly customerId: string;
  readonly timeZone: string | null;
  readonly locale: string;
  readonly preferredChannel: string | null;
  readonly objectedAt: Date | null;
  readonly country: string | null;
  readonly subdivision: string | null;
  readonly offerId: string | null;
  readonly offerState: string | null;
  readonly offerExpiresAt: Date | null;
}

/** One address of the recipient, and what stands in its way. */
export interface ReachablePoint {
  readonly id: string;
  readonly channel: Channel;
  readonly address: string;
  readonly dead: boolean;
  readonly suppressed: boolean;
  readonly granted: boolean | null;
}

/** The states in which a message was sent, may have been, or still will be: what a cap counts. */
const counted = ['planned', 'claimed', 'submitting', 'accepted', 'delivered', 'bounced', 'unknown'];

/**
 * Locks the contact points of the enrolment's customer until the transaction ends, so that no two journeys decide about
 * the same customer at once.
 */
export async function lockContactPoints(tx: EntityManager, enrolmentId: string): Promise<void> {
  await query(
    tx,
    `select p.id from contact_point p join enrolment e on e.customer_id = p.customer_id
     where e.id = $1 order by p.id for update of p`,
    [enrolmentId],
  );
}

/** @throws Problem not-found */
export async function loadRecipient(tx: EntityManager, enrolmentId: string): Promise<Recipient> {
  const recipient = await queryOne<Recipient>(
    tx,
    `select e.campaign_id as "campaignId", c.id as "customerId", c.time_zone as "timeZone", c.locale,
            c.preferred_channel as "preferredChannel", c.objected_at as "objectedAt",
            c.attributes ->> 'country' as country, c.attributes ->> 'subdivision' as subdivision,
            o.id as "offerId", o.state as "offerState", o.expires_at as "offerExpiresAt"
     from enrolment e
     join customer c on c.id = e.customer_id
     left join lateral (select id, state, expires_at from offer where enrolment_id = e.id order by issued_at desc, id desc limit 1) o on true
     where e.id = $1`,
    [enrolmentId],
  );
  if (recipient === undefined) throw notFound('enrolment', enrolmentId);
  return recipient;
}

/** The customer's addresses with the latest consent for each: of this channel, this purpose and this very address. */
export async function loadPoints(tx: EntityManager, customerId: string, purpose: Purpose): Promise<ReachablePoint[]> {
  return query<ReachablePoint>(
    tx,
    `select p.id, p.channel, p.address, p.dead_at is not null as dead,
            exists (select from suppression s where s.channel = p.channel and s.address_hash = p.address_hash) as suppressed,
            (select granted from consent_event e
             where e.customer_id = p.customer_id and e.channel = p.channel and e.purpose = $2 and e.address_hash = p.address_hash
             order by e.at desc, e.id desc limit 1) as granted
     from contact_point p where p.customer_id = $1`,
    [customerId, purpose],
  );
}

/** When marketing messages were sent to the customer since then; one that is yet to be sent counts as sent now. */
export async function loadSent(tx: EntityManager, customerId: string, since: Date, now: Date): Promise<number[]> {
  const rows = await query<{ at: Date }>(
    tx,
    `select coalesce(submitted_at, $3) as at from message
     where customer_id = $1 and purpose = 'marketing' and state = any($4::text[]) and coalesce(submitted_at, $3) > $2`,
    [customerId, since, now, counted],
  );
  return rows.map(({ at }) => at.getTime());
}

/** Puts together what the contact policy asks about one channel. */
export function factsFor(
  channel: Channel,
  purpose: Purpose,
  known: { readonly recipient: Recipient; readonly points: readonly ReachablePoint[]; readonly sent: readonly number[] },
  tables: PolicyTables,
  now: Date,
): ContactFacts {
  const { recipient, points, sent } = known;
  const point = points.find((each) => each.channel === channel);
  return {
    now: now.getTime(),
    purpose,
    address:
      point === undefined
        ? null
        : {
            dead: point.dead,
            suppressed: point.suppressed,
            consent: point.granted === null ? null : point.granted ? 'granted' : 'withdrawn',
          },
    objected: recipient.objectedAt !== null,
    sent,
    cap: tables.cap,
    hours: contactHoursOf(whereaboutsOf(recipient, points), channel, tables.companyHours[channel], tables.laws),
    offer:
      recipient.offerExpiresAt === null ? null : { open: recipient.offerState === 'open', expiresAt: recipient.offerExpiresAt.getTime() },
  };
}

/** The country as the company knows it, else by the telephone number, else by the locale (`de-AT`). */
function whereaboutsOf(recipient: Recipient, points: readonly ReachablePoint[]): Whereabouts {
  const number = points.find((point) => point.channel === 'sms')?.address;
  const country =
    recipient.country ??
    (recipient.timeZone !== null || number === undefined ? undefined : parsePhoneNumberFromString(number)?.country) ??
    /^[a-z]{2,3}[-_]([A-Z]{2})$/.exec(recipient.locale)?.[1] ??
    null;
  return { timeZone: recipient.timeZone, country, subdivision: recipient.subdivision };
}
