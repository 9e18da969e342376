import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import type { OfferState } from '../offers/offer.entity.js';
import { offerStateAt } from '../offers/offer-sql.js';
import { receiveResponse } from './receive.js';

/** The content of the page behind an offer's link. */
export interface ShownOffer {
  readonly title: string;
  /** `expired` as soon as its time is over, even before its journey knows. */
  readonly state: OfferState;
  readonly expiresAt: Date;
  readonly voucherCode: string;
  readonly locale: string;
  /** The customer's IANA zone; null if nothing is known. */
  readonly timeZone: string | null;
}

/** @returns undefined if there is no such offer (any more), or its customer was erased */
export async function showOffer(em: EntityManager, offerId: string, now: Date): Promise<ShownOffer | undefined> {
  return queryOne<ShownOffer>(
    em,
    `select o.title, ${offerStateAt('o', '$2')} as state,
            o.expires_at as "expiresAt", o.voucher_code as "voucherCode", c.locale, c.time_zone as "timeZone"
     from offer o join customer c on c.id = o.customer_id and c.erased_at is null where o.id = $1`,
    [offerId, now],
  );
}

/** The customer pressed one of the buttons on the page of an offer. @throws Problem not-found */
export async function answerOffer(em: EntityManager, offerId: string, answer: 'accepted' | 'declined', now: Date): Promise<void> {
  const offer = await queryOne<{ channel: Channel | null }>(
    em,
    `select (select m.channel from message m where m.customer_id = o.customer_id and m.offer_id = o.id and m.submitted_at is not null
             order by m.submitted_at desc limit 1) as channel
     from offer o join customer c on c.id = o.customer_id and c.erased_at is null where o.id = $1`,
    [offerId],
  );
  if (offer === undefined) throw notFound('offer', offerId);
  await receiveResponse(
    em,
    {
      source: 'link',
      sourceId: `${answer}:${offerId}`,
      channel: offer.channel ?? 'email',
      by: { offerId },
      said: () => ({ answer, because: 'the page of the offer' }),
      text: null,
    },
    now,
  );
}

/** The address that the link in a message would unsubscribe. */
export interface Subscription {
  readonly channel: Channel;
  readonly locale: string;
}

/** @returns undefined if there is no such message (any more) */
export async function findSubscription(em: EntityManager, messageId: string): Promise<Subscription | undefined> {
  return queryOne<Subscription>(em, 'select m.channel, c.locale from message m join customer c on c.id = m.customer_id where m.id = $1', [
    messageId,
  ]);
}

/**
 * Unsubscribes the address of this message. Once for each granted consent: if anybody with this address consents again, the same link
 * unsubscribes again.
 * @throws Problem not-found
 */
export async function unsubscribe(em: EntityManager, messageId: string, now: Date): Promise<void> {
  const message = await queryOne<{ channel: Channel; grant: string | null; erased: boolean }>(
    em,
    `select m.channel, m.contact_point_id is null as erased, (
       select e.id from contact_point h
       join consent_event e on e.customer_id = h.customer_id and e.channel = m.channel and e.purpose = 'marketing'
         and e.address_hash = h.address_hash and e.granted
       where h.address_hash = p.address_hash order by e.at desc, e.id desc limit 1) as grant
     from message m left join contact_point p on p.id = m.contact_point_id where m.id = $1`,
    [messageId],
  );
  if (message === undefined) throw notFound('message', messageId);
  // Nothing is sent to them any more, and nothing more is stored.
  if (message.erased) return;
  await receiveResponse(
    em,
    {
      source: 'one-click',
      sourceId: `${messageId}:${message.grant ?? 'never granted'}`,
      channel: message.channel,
      by: { messageId },
      said: () => ({ answer: 'opt-out', because: 'the unsubscribe link' }),
      text: null,
    },
    now,
  );
}
