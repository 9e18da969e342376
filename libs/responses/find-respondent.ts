import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { isUnderway } from '../campaigns/underway.js';
import { latestOffer } from '../offers/offer-sql.js';
import { queryOne } from '../persistence/sql.js';

/** How an answer arrived: by a reply address or link made for one message, the link of an offer, or from a sender's address. */
export type CameBy = { readonly messageId: string } | { readonly offerId: string } | { readonly addressHash: string };

/** The customer who answered, and the message that they answered. */
export interface Respondent {
  readonly customerId: string;
  readonly locale: string;
  /** The address of the answer, which is the one that the message was sent to; null if an offer's link was opened before any message had it. */
  readonly addressHash: string | null;
  /** The customer's present address on the channel, which may have changed since. */
  readonly presentHash: string | null;
  readonly messageId: string | null;
  /** The offer of that message, otherwise the latest of its enrolment. */
  readonly offerId: string | null;
  readonly enrolmentId: string | null;
  /** The journey of the enrolment still runs. */
  readonly underway: boolean;
}

/** The message was sent, or may have been. An SQL condition on `m`. */
export const sent = `m.state in ('submitting', 'accepted', 'delivered', 'unknown')`;
const latestSent = 'order by coalesce(m.submitted_at, m.planned_at) desc, m.id desc limit 1';
/** An SQL column of the enrolment `e`. */
export const underway = `coalesce(${isUnderway('e')}, false) as underway`;

/** @returns undefined if its customer is not known */
export async function findRespondent(em: EntityManager, channel: Channel, by: CameBy): Promise<Respondent | undefined> {
  if ('messageId' in by) return byMessage(em, by.messageId);
  if ('offerId' in by) return byOffer(em, by.offerId);
  return byAddress(em, channel, by.addressHash);
}

/** The customer who gave a stored answer; undefined if none is known. */
export function respondentOfResponse(em: EntityManager, responseId: string): Promise<Respondent | undefined> {
  return queryOne<Respondent>(
    em,
    `select c.id as "customerId", c.locale, coalesce(m.address_hash, p.address_hash) as "addressHash", p.address_hash as "presentHash", m.id as "messageId",
            ${offerOf('m.offer_id', 'r.enrolment_id')} as "offerId", e.id as "enrolmentId", ${underway}
     from response r
     join customer c on c.id = r.customer_id
     left join message m on m.id = r.message_id
     left join contact_point p on p.customer_id = r.customer_id and (p.id = m.contact_point_id or (m.id is null and p.channel = r.channel))
     left join enrolment e on e.id = r.enrolment_id
     where r.id = $1`,
    [responseId],
  );
}

/**
 * Prevents the answered journey from ending until the transaction ends: it ends after this answer and handles it, or has already ended.
 * Take it before any other lock that a journey takes.
 */
export async function keepJourney<Of extends Pick<Respondent, 'enrolmentId' | 'underway'>>(tx: EntityManager, respondent: Of): Promise<Of> {
  if (respondent.enrolmentId === null || !respondent.underway) return respondent;
  const kept = await queryOne<{ underway: boolean }>(tx, `select ${underway} from enrolment e where e.id = $1 for share`, [
    respondent.enrolmentId,
  ]);
  return { ...respondent, underway: kept?.underway === true };
}

function byMessage(em: EntityManager, messageId: string): Promise<Respondent | undefined> {
  return queryOne<Respondent>(
    em,
    `select c.id as "customerId", c.locale, coalesce(m.address_hash, p.address_hash) as "addressHash", p.address_hash as "presentHash", m.id as "messageId",
            ${offerOf('m.offer_id', 'm.enrolment_id')} as "offerId", e.id as "enrolmentId", ${underway}
     from message m
     join customer c on c.id = m.customer_id join contact_point p on p.id = m.contact_point_id left join enrolment e on e.id = m.enrolment_id
     where m.id = $1`,
    [messageId],
  );
}

function byOffer(em: EntityManager, offerId: string): Promise<Respondent | undefined> {
  return queryOne<Respondent>(
    em,
    `select c.id as "customerId", c.locale, coalesce(s.sent_to, s.address_hash) as "addressHash", s.address_hash as "presentHash", s.id as "messageId", o.id as "offerId", e.id as "enrolmentId", ${underway}
     from offer o
     join customer c on c.id = o.customer_id left join enrolment e on e.id = o.enrolment_id
     left join lateral (
       select m.id, m.address_hash as sent_to, p.address_hash from message m join contact_point p on p.id = m.contact_point_id
       where m.customer_id = o.customer_id and m.offer_id = o.id and ${sent} ${latestSent}
     ) s on true
     where o.id = $1`,
    [offerId],
  );
}

/**
 * An answer from an address refers to the latest message to that address; if there is none, only the customer and the running journey are
 * known. An answer to a message outside of a journey does not belong to a journey.
 */
function byAddress(em: EntityManager, channel: Channel, addressHash: string): Promise<Respondent | undefined> {
  return queryOne<Respondent>(
    em,
    `select c.id as "customerId", c.locale, p.address_hash as "addressHash", p.address_hash as "presentHash", s.id as "messageId", s.offer_id as "offerId", e.id as "enrolmentId", ${underway}
     from contact_point p
     join customer c on c.id = p.customer_id
     left join lateral (
       select m.id, m.enrolment_id, m.reference, ${offerOf('m.offer_id', 'm.enrolment_id')} as offer_id, coalesce(m.submitted_at, m.planned_at) as at
       from message m where m.customer_id = p.customer_id and m.contact_point_id = p.id and ${sent} ${latestSent}
     ) s on true
     left join enrolment e on e.id = coalesce(s.enrolment_id, (
       select open.id from enrolment open where open.customer_id = c.id and ${isUnderway('open')}
         and (s.reference is null or exists (select from reply w where w.message_id = s.id))
       order by open.entered_at desc, open.id desc limit 1))
     where p.channel = $1 and p.address_hash = $2
     order by s.at desc nulls last, p.created_at desc, p.id limit 1`,
    [channel, addressHash],
  );
}

function offerOf(offer: string, enrolment: string): string {
  return `coalesce(${offer}, ${latestOffer('l.id', enrolment)})`;
}
