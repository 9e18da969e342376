import type { EntityManager } from '@mikro-orm/postgresql';
import type { Enrolment } from '../../libs/campaigns/enrolment.entity.js';
import type { Channel } from '../../libs/channels/table.js';
import type { ContactPoint } from '../../libs/customers/contact-point.entity.js';
import type { Customer } from '../../libs/customers/customer.entity.js';
import { Message } from '../../libs/messaging/ledger/message.entity.js';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { Decision } from '../../libs/offers/decision.entity.js';
import { Offer } from '../../libs/offers/offer.entity.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, testNow, type MadeCampaign } from './factories.js';

/** A customer inside a campaign who got an open offer of 12 EUR. */
export interface SentOffer {
  readonly campaign: MadeCampaign;
  readonly customer: Customer;
  readonly point: ContactPoint;
  readonly enrolment: Enrolment;
  readonly offerId: string;
  readonly messageId: string;
}

const cost = 1_200;

export async function sendOffer(
  em: EntityManager,
  channel: Channel,
  overrides: {
    readonly customer?: Customer;
    readonly point?: ContactPoint;
    readonly locale?: string;
    readonly message?: Partial<Message>;
    readonly offer?: Partial<Offer>;
  } = {},
): Promise<SentOffer> {
  const campaign = await makeCampaign(em);
  const customer = overrides.customer ?? (await makeCustomer(em, overrides.locale === undefined ? {} : { locale: overrides.locale }));
  const point = overrides.point ?? (await makeContactPoint(em, customer.id, channel));
  const enrolment = await makeEnrolment(em, campaign, customer.id);
  const decisionId = newId();
  await em.insert(Decision, {
    id: decisionId,
    enrolment: enrolment.id,
    campaign: campaign.id,
    customer: customer.id,
    step: 'choose',
    occurrence: 1,
    ordinal: 0,
    kind: 'treat',
    subject: 'bill-credit-10',
    candidates: [],
    reasons: [],
    until: null,
    at: testNow,
  });
  const offerId = newId();
  await em.insert(Offer, {
    id: offerId,
    enrolment: enrolment.id,
    campaign: campaign.id,
    customer: customer.id,
    decision: decisionId,
    step: 'choose',
    treatment: 'bill-credit-10',
    title: '12 EUR off your next bill',
    cost,
    currency: 'EUR',
    voucherCode: newId(),
    state: 'open',
    issuedAt: testNow,
    expiresAt: new Date(testNow.getTime() + 14 * day),
    settledAt: null,
    ...overrides.offer,
  });
  await query(em, 'update campaign set budget_reserved = budget_reserved + $2 where id = $1', [campaign.id, cost]);
  const messageId = await makeMessage(em, { campaign, customer, point, enrolment, offerId }, overrides.message);
  return { campaign, customer, point, enrolment, offerId, messageId };
}

/** Inserts a message that its provider has accepted, unless `columns` say otherwise. */
export async function makeMessage(
  em: EntityManager,
  of: Omit<SentOffer, 'messageId' | 'offerId'> & { readonly offerId: string | null },
  columns: Partial<Message> = {},
): Promise<string> {
  const id = newId();
  await em.insert(Message, {
    id,
    enrolment: of.enrolment.id,
    campaign: of.campaign.id,
    customer: of.customer.id,
    contactPoint: of.point.id,
    offer: of.offerId,
    step: 'offer',
    occurrence: 1,
    channel: of.point.channel,
    purpose: 'marketing',
    template: 'save-offer',
    state: 'accepted',
    notBefore: testNow,
    sendBefore: new Date(testNow.getTime() + day),
    providerId: of.point.channel === 'sms' ? `SM${id.replaceAll('-', '')}` : `${id}@replies.example.test`,
    plannedAt: testNow,
    submittedAt: testNow,
    settledAt: testNow,
    ...columns,
  });
  return id;
}
