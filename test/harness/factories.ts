import type { EntityManager } from '@mikro-orm/postgresql';
import { asksOf } from '../../libs/campaigns/asks.js';
import { Campaign } from '../../libs/campaigns/campaign.entity.js';
import { CampaignVersion } from '../../libs/campaigns/campaign-version.entity.js';
import type { CampaignDefinition } from '../../libs/campaigns/definition.js';
import { Enrolment } from '../../libs/campaigns/enrolment.entity.js';
import { ConsentEvent } from '../../libs/consent/consent-event.entity.js';
import type { Channel } from '../../libs/channels/table.js';
import { ContactPoint } from '../../libs/customers/contact-point.entity.js';
import { Customer } from '../../libs/customers/customer.entity.js';
import { Message } from '../../libs/messaging/ledger/message.entity.js';
import { newId } from '../../libs/platform/ids.js';
import { hashAddress } from '../../libs/channels/address/hash-address.js';
import { query } from '../../libs/persistence/sql.js';
import { Score } from '../../libs/scores/score.entity.js';
import type { ScoreName } from '../../libs/scores/kinds/table.js';
import { Decision } from '../../libs/offers/decision.entity.js';
import { Offer } from '../../libs/offers/offer.entity.js';
import type { TreatmentDefinition } from '../../libs/treatments/treatment.entity.js';
import { day, definition, treatment } from './definitions.js';

export { day };

/** The default instant of test rows. */
export const testNow = new Date('2026-03-02T12:00:00Z');
/** The secret for the hashes of test addresses. */
export const testSecret = 'a secret that is only good for tests, 32+';

let count = 0;

/** Inserts an active month-to-month customer who pays 30.00 EUR a month. */
export async function makeCustomer(em: EntityManager, overrides: Partial<Customer> = {}): Promise<Customer> {
  const customer = {
    id: newId(),
    externalId: `customer-${String(++count)}-${newId()}`,
    name: `Person ${String(count)}`,
    locale: 'en',
    timeZone: 'Europe/Berlin',
    status: 'active',
    plan: 'basic',
    monthlyCharge: 3_000,
    currency: 'EUR',
    tenure: 12,
    attributes: { contract: 'month-to-month' },
    made: [],
    preferredChannel: null,
    preferredHours: null,
    objectedAt: null,
    churnedAt: null,
    erasedAt: null,
    createdAt: testNow,
    updatedAt: testNow,
    ...overrides,
  } satisfies Partial<Customer>;
  await em.insert(Customer, customer);
  return customer;
}

/** Inserts a score, `churn` by default, or replaces the existing one. */
export async function makeScore(em: EntityManager, customerId: string, value: number, kind: ScoreName = 'churn'): Promise<void> {
  await em.upsert(Score, { customer: customerId, kind, value, previous: null, model: null, reasons: [], scoredAt: testNow });
}

/** Inserts an address that nobody else has, with marketing consent for it unless `consent` is false. */
export async function makeContactPoint(
  em: EntityManager,
  customerId: string,
  channel: Channel,
  overrides: Partial<ContactPoint> & { readonly consent?: boolean } = {},
): Promise<ContactPoint> {
  const { consent = true, ...columns } = overrides;
  const number = String(++count);
  const address = columns.address ?? (channel === 'email' ? `person${number}@example.test` : `+4915${number.padStart(9, '0')}`);
  const point = {
    id: newId(),
    customer: customerId,
    channel,
    address,
    addressHash: hashAddress(testSecret, channel, address),
    deadAt: null,
    createdAt: testNow,
    ...columns,
  } satisfies Partial<ContactPoint>;
  await em.insert(ContactPoint, point);
  if (consent) {
    await em.insert(ConsentEvent, {
      id: newId(),
      customer: customerId,
      channel,
      purpose: 'marketing',
      addressHash: point.addressHash,
      granted: true,
      source: 'import',
      wordingVersion: '1',
      at: testNow,
      actor: 'system',
    });
  }
  return point;
}

export interface MadeCampaign {
  readonly id: string;
  readonly key: string;
  readonly versionId: string;
  readonly definition: CampaignDefinition;
}

/**
 * Inserts a live campaign with one version.
 * @param overrides columns of the campaign; `definition` and `treatments` go into its version
 */
export async function makeCampaign(
  em: EntityManager,
  overrides: Partial<Campaign> & {
    readonly definition?: Partial<CampaignDefinition>;
    readonly treatments?: readonly TreatmentDefinition[];
    readonly source?: string;
  } = {},
): Promise<MadeCampaign> {
  const { definition: parts = {}, treatments = [treatment()], source = 'made by a test', ...columns } = overrides;
  const key = columns.key ?? `campaign-${String(++count)}`;
  const whole = definition({ campaign: key, ...parts });
  const campaign = {
    id: newId(),
    key,
    title: whole.title,
    state: 'live',
    version: 1,
    budgetCap: whole.budget.minor,
    budgetReserved: 0,
    budgetSpent: 0,
    repinOnResume: false,
    currency: whole.budget.currency,
    launchedAt: testNow,
    endedAt: null,
    createdAt: testNow,
    ...columns,
  } satisfies Partial<Campaign>;
  const versionId = newId();
  await em.insert(Campaign, campaign);
  await em.insert(CampaignVersion, {
    id: versionId,
    campaign: campaign.id,
    version: campaign.version,
    source,
    definition: whole,
    treatments: [...treatments],
    ...asksOf(whole),
    createdAt: testNow,
    launchedAt: campaign.launchedAt,
  });
  return { id: campaign.id, key, versionId, definition: whole };
}

/** Inserts a treated enrolment that has entered, measured at the end of its campaign's window. */
export async function makeEnrolment(
  em: EntityManager,
  campaign: MadeCampaign,
  customerId: string,
  overrides: Partial<Enrolment> = {},
): Promise<Enrolment> {
  const enrolment = {
    id: newId(),
    campaign: campaign.id,
    version: campaign.versionId,
    customer: customerId,
    arm: 'treated',
    state: 'entered',
    triggerScore: 0.7,
    createdAt: testNow,
    enteredAt: testNow,
    step: null,
    waitingUntil: null,
    outcome: null,
    closedAt: null,
    measureAt: new Date(testNow.getTime() + campaign.definition.windowMs),
    measuredAt: null,
    retained: null,
    entryCharge: 3_000,
    goalAt: null,
    keptRevenue: null,
    ...overrides,
  } satisfies Partial<Enrolment>;
  await em.insert(Enrolment, enrolment);
  return enrolment;
}

/** Inserts an open offer with its decision, 12.00 EUR and valid for 14 days, and reserves its cost. */
export async function makeOffer(em: EntityManager, enrolment: Enrolment, overrides: Partial<Offer> = {}): Promise<Offer> {
  const { id: enrolmentId, campaign, customer } = enrolment;
  const offer = {
    id: newId(),
    enrolment: enrolmentId,
    campaign,
    customer,
    decision: newId(),
    step: 'choose',
    reference: null,
    treatment: 'bill-credit-10',
    title: '12 EUR off your next bill',
    cost: 1_200,
    currency: 'EUR',
    voucherCode: newId(),
    state: 'open',
    issuedAt: testNow,
    expiresAt: new Date(testNow.getTime() + 14 * day),
    settledAt: null,
    ...overrides,
  } satisfies Partial<Offer>;
  await em.insert(Decision, {
    id: offer.decision,
    enrolment: enrolmentId,
    campaign,
    customer,
    step: offer.step,
    occurrence: 1,
    ordinal: 1,
    kind: 'treat',
    subject: offer.treatment,
    candidates: [],
    reasons: ['best-value'],
    until: null,
    at: offer.issuedAt,
  });
  await em.insert(Offer, offer);
  const reserved = offer.state === 'open' || offer.state === 'accepted' ? offer.cost : 0;
  const spent = offer.state === 'accepted' ? offer.cost : 0;
  await query(em, 'update campaign set budget_reserved = budget_reserved + $2, budget_spent = budget_spent + $3 where id = $1', [
    campaign,
    reserved,
    spent,
  ]);
  return offer;
}

/** Inserts a planned message of the step `offer`, to be sent within a day. */
export async function makeMessage(
  em: EntityManager,
  enrolment: Enrolment,
  point: ContactPoint,
  overrides: Partial<Message> = {},
): Promise<Message> {
  const message = {
    id: newId(),
    enrolment: enrolment.id,
    campaign: enrolment.campaign,
    customer: enrolment.customer,
    contactPoint: point.id,
    addressHash: point.addressHash,
    offer: null,
    step: 'offer',
    reference: null,
    occurrence: 1,
    channel: point.channel,
    purpose: 'marketing',
    template: 'save-offer',
    state: 'planned',
    fence: 0,
    leaseUntil: null,
    attempts: 0,
    notBefore: testNow,
    sendBefore: new Date(testNow.getTime() + day),
    providerId: null,
    errorClass: null,
    errorCode: null,
    segments: null,
    costMilli: null,
    settledBy: null,
    plannedAt: testNow,
    submittedAt: null,
    settledAt: null,
    ...overrides,
  } satisfies Partial<Message>;
  await em.insert(Message, message);
  return message;
}
