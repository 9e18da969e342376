import type { EntityManager } from '@mikro-orm/postgresql';
import { CustomerEvent } from '../../libs/customers/customer-event.entity.js';
import type { Customer } from '../../libs/customers/customer.entity.js';
import { Decision } from '../../libs/offers/decision.entity.js';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { Response } from '../../libs/responses/response.entity.js';
import { Task } from '../../libs/responses/task.entity.js';
import { Score } from '../../libs/scores/score.entity.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../harness/factories.js';

const daysAgo = (days: number): Date => new Date(testNow.getTime() - days * day);
const trigger = { kind: 'score', score: 'churn', risesAbove: 0.8, fallsBelow: 0.4 };

/** A customer of whom everything is known that there is, inside one campaign and kept out of three others. */
export async function makeKnownCustomer(em: EntityManager): Promise<Customer> {
  const customer = await makeCustomer(em, {
    externalId: '7590-VHVEG',
    name: 'Nora Lindqvist',
    plan: 'fiber',
    preferredChannel: 'sms',
    attributes: {
      contract: 'month-to-month',
      internet_service: 'fiber-optic',
      paperless_billing: true,
      total_charges: 412.5,
      shoe_size: 43,
    },
  });
  const email = await makeContactPoint(em, customer.id, 'email', { address: 'nora@example.test' });
  await makeContactPoint(em, customer.id, 'sms', { address: '+4915112345678', consent: false });
  await scored(em, customer.id);
  await reported(em, customer.id);
  const inside = await makeCampaign(em, { key: 'keep-fiber', title: 'Keep fiber customers' });
  await treated(em, inside, customer.id, email);
  await makeCampaign(em, {
    key: 'long-bound',
    title: 'Thank the loyal',
    definition: { audience: 'customer.contract == "two-year"', trigger },
  });
  await makeCampaign(em, { key: 'by-hand', title: 'Call back', definition: { audience: 'true', trigger: { kind: 'manual' }, holdout: 0 } });
  await makeCampaign(em, {
    key: 'soon',
    title: 'Early warning',
    definition: { audience: 'true', trigger: { ...trigger, risesAbove: 0.5 }, holdout: 0 },
  });
  return customer;
}

async function scored(em: EntityManager, customer: string): Promise<void> {
  const reasons = [
    { feature: 'contract', value: 'month-to-month', contribution: 0.91 },
    { feature: 'tenure', value: 12, contribution: -0.52 },
    { feature: 'internet_service', value: 'fiber-optic', contribution: 0.47 },
    { feature: 'paperless_billing', value: true, contribution: 0.12 },
  ];
  await em.insert(Score, { customer, kind: 'churn', value: 0.71, previous: 0.52, model: null, reasons, scoredAt: daysAgo(1) });
  await em.insert(Score, { customer, kind: 'clv', value: 41_200, previous: null, model: null, reasons: [], scoredAt: daysAgo(1) });
}

async function reported(em: EntityManager, customer: string): Promise<void> {
  const events = [
    ['ticket.opened', 1, { topic: 'slow connection' }],
    ['payment.failed', 8, { amount: 30 }],
    ['contract.renewed', 300, {}],
  ] as const;
  for (const [kind, days, data] of events) {
    const id = newId();
    await em.insert(CustomerEvent, { id, customer, kind, at: daysAgo(days), data, source: 'crm', sourceId: id, receivedAt: testNow });
  }
}

async function treated(
  em: EntityManager,
  campaign: MadeCampaign,
  customer: string,
  email: Awaited<ReturnType<typeof makeContactPoint>>,
): Promise<void> {
  const enrolment = await makeEnrolment(em, campaign, customer, { createdAt: daysAgo(3), enteredAt: daysAgo(3) });
  const offer = await makeOffer(em, enrolment, { issuedAt: daysAgo(2) });
  const message = await makeMessage(em, enrolment, email, {
    offer: offer.id,
    state: 'delivered',
    plannedAt: daysAgo(2),
    submittedAt: daysAgo(2),
    settledAt: daysAgo(2),
    providerId: newId(),
  });
  await em.insert(Decision, {
    ...{ id: newId(), enrolment: enrolment.id, campaign: campaign.id, customer, step: 'offer', occurrence: 1, ordinal: 1 },
    ...{ kind: 'block', subject: 'sms', candidates: [], reasons: ['no-consent'], cause: 'no-consent', until: null, at: daysAgo(2) },
  });
  const response = newId();
  await em.insert(Response, {
    ...{ id: response, source: 'smtp', sourceId: response, channel: 'email', customer, enrolment: enrolment.id, message: message.id },
    ...{ answer: 'question', because: 'a question mark', text: 'Does the discount hold for a whole year?', receivedAt: daysAgo(1) },
  });
  await em.insert(Task, {
    ...{ id: newId(), kind: 'question', response, customer, enrolment: enrolment.id, createdAt: daysAgo(1), dueAt: daysAgo(-1) },
    ...{ closedAt: null, resolution: null, closedBy: null },
  });
}

/** Reports one more event of a customer. */
export async function report(em: EntityManager, customer: string, kind: string): Promise<void> {
  const id = newId();
  await query(
    em,
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at) values ($1, $2, $3, $4, '{}', 'crm', $5, $4)`,
    [id, customer, kind, testNow, id],
  );
}
