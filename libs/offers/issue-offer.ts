import type { EntityManager } from '@mikro-orm/postgresql';
import { reserveBudget } from '../campaigns/budget.js';
import { queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import type { Facts } from '../segments/facts.js';
import { compileRule } from '../segments/rule.js';
import { statedEconomics } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { chooseTreatment, type Choice, type PayingTreatment } from './choose-treatment.js';
import type { Candidate, Decision } from './decision.entity.js';
import { recordDecision } from './decisions.js';
import type { Offer } from './offer.entity.js';
import { isOpenAt } from './offer-sql.js';
import { newVoucherCode } from './voucher-code.js';

/** The customer of an offer, and its context. */
export interface OfferSubject {
  readonly customerId: string;
  readonly enrolmentId: string | null;
  /** The campaign whose budget pays the cost; null if none does. */
  readonly campaignId: string | null;
  readonly monthlyCharge: number | null;
  /** The currency of the customer's charge, otherwise the budget's. */
  readonly currency: string;
  /** Null if no budget pays the cost. */
  readonly budgetCurrency: string | null;
  /** The treatments to choose from. */
  readonly treatments: readonly TreatmentDefinition[];
}

/** The requester of an offer: a step of a journey or a reference; the other one is null. */
export interface AskedFor {
  readonly step: string | null;
  readonly reference: string | null;
  readonly occurrence: number;
  readonly now: Date;
}

export interface Verdict {
  readonly treatment: string | null;
  readonly candidates: readonly Candidate[];
  /** The main one first. */
  readonly reasons: readonly string[];
}

const dayMs = 86_400_000;

/**
 * The value of each of these treatments for the customer. Pure.
 * @param from keys of treatments of the subject
 */
export function valueTreatments(subject: OfferSubject, from: readonly string[], facts: Facts): Choice {
  const { monthlyCharge, currency, budgetCurrency } = subject;
  const options = from.map((key) => {
    const treatment = subject.treatments.find((each) => each.treatment === key);
    if (treatment === undefined) throw new Error(`There is no treatment ${key} to choose from`);
    const inBudget = budgetCurrency === null || currency === budgetCurrency;
    return { treatment, eligible: inBudget && compileRule(treatment.eligible).holds(facts) };
  });
  return chooseTreatment(options, { churn: facts.score['churn'] ?? null, monthlyCharge, currency }, statedEconomics);
}

/**
 * Reserves the cost of the first of these that fits into the budget. A conditional update, so that the budget is never exceeded. If no
 * budget pays the cost, the first treatment is taken.
 */
export async function reserveBest(
  tx: EntityManager,
  campaignId: string | null,
  paying: readonly PayingTreatment[],
): Promise<PayingTreatment | undefined> {
  if (campaignId === null) return paying[0];
  for (const each of paying) {
    if (await reserveBudget(tx, { campaignId, cost: each.cost })) return each;
  }
  return undefined;
}

/** The reasons for the chosen treatment, or for none. Pure. */
export function judgeChoice(choice: Choice, affordable: PayingTreatment | undefined): Verdict {
  const better = choice.paying.slice(0, affordable === undefined ? undefined : choice.paying.indexOf(affordable));
  const overBudget = new Set(better.map((each) => each.treatment.treatment));
  return {
    treatment: affordable?.treatment.treatment ?? null,
    candidates: choice.candidates.map((each) => (overBudget.has(each.key) ? { ...each, reasons: ['budget', ...each.reasons] } : each)),
    reasons: [
      ...(affordable === undefined ? [] : ['best-value']),
      ...(overBudget.size === 0 ? [] : ['budget']),
      ...(choice.whyNothing === null ? [] : [choice.whyNothing]),
    ],
  };
}

/** Stores the decision. @returns its id */
export async function recordVerdict(tx: EntityManager, subject: OfferSubject, asked: AskedFor, verdict: Verdict): Promise<string> {
  const { enrolmentId, campaignId, customerId } = subject;
  const { step, reference, occurrence, now } = asked;
  const { treatment, candidates, reasons } = verdict;
  const kind = treatment === null ? 'none' : 'treat';
  const place = { enrolmentId, campaignId, customerId, step, reference, occurrence, ordinal: 0 };
  return recordDecision(tx, { ...place, kind, subject: treatment, candidates, reasons, until: null, at: now });
}

/** Issues the offer, whose cost is already reserved. @returns its id */
export async function issueOffer(
  tx: EntityManager,
  subject: OfferSubject,
  asked: AskedFor,
  { treatment, cost }: Pick<PayingTreatment, 'treatment' | 'cost'>,
  decisionId: string,
): Promise<string> {
  const id = newId();
  await tables<typeof Offer>(tx)
    .insertInto('Offer')
    .values({
      id,
      enrolment: subject.enrolmentId,
      campaign: subject.campaignId,
      customer: subject.customerId,
      decision: decisionId,
      step: asked.step,
      reference: asked.reference,
      treatment: treatment.treatment,
      title: treatment.title,
      cost,
      currency: subject.currency,
      voucherCode: newVoucherCode(),
      state: 'open',
      issuedAt: asked.now,
      expiresAt: new Date(asked.now.getTime() + treatment.validDays * dayMs),
    })
    .execute();
  return id;
}

export interface ChooseRequest {
  readonly enrolmentId: string;
  readonly step: string;
  readonly occurrence: number;
  /** Keys of treatments of the enrolment's campaign version. */
  readonly from: readonly string[];
  readonly now: Date;
  /** Whether anything of the journey was committed before: otherwise there is no earlier answer. */
  readonly begun: boolean;
  readonly facts: () => Promise<Facts>;
}

/**
 * A step of a journey chooses the best treatment that the campaign's budget still allows, reserves its cost and issues it as an offer, or
 * records that there is none. In both cases one decision with all candidates is stored. Repeated for the same enrolment, step and
 * occurrence, it returns the first answer and changes nothing.
 */
export async function chooseAndIssue(tx: EntityManager, request: ChooseRequest): Promise<{ treatment: string | null }> {
  const subject = await lockSubject(tx, request.enrolmentId);
  const asked = { ...request, reference: null };
  const earlier = request.begun ? await earlierAnswer(tx, subject, request) : undefined;
  if (earlier !== undefined) return earlier;

  const choice = valueTreatments(subject, request.from, await request.facts());
  const affordable = await reserveBest(tx, subject.campaignId, choice.paying);
  const verdict = judgeChoice(choice, affordable);
  const decisionId = await recordVerdict(tx, subject, asked, verdict);
  if (affordable !== undefined) await issueOffer(tx, subject, asked, affordable, decisionId);
  return { treatment: verdict.treatment };
}

/** Locks the enrolment, so that the same choice is made once if it is requested twice at once. */
async function lockSubject(tx: EntityManager, enrolmentId: string): Promise<OfferSubject> {
  const subject = await queryOne<OfferSubject>(
    tx,
    `select e.id as "enrolmentId", e.campaign_id as "campaignId", e.customer_id as "customerId", c.monthly_charge as "monthlyCharge",
            coalesce(c.currency, k.currency) as currency,
            k.currency as "budgetCurrency", v.treatments
     from enrolment e
     join customer c on c.id = e.customer_id
     join campaign k on k.id = e.campaign_id
     join campaign_version v on v.id = e.version_id
     where e.id = $1 for no key update of e`,
    [enrolmentId],
  );
  if (subject === undefined) throw new Error(`There is no enrolment ${enrolmentId}`);
  return subject;
}

/** The earlier answer to the same request; or the step's offer, if an earlier occurrence issued it. */
async function earlierAnswer(
  tx: EntityManager,
  subject: OfferSubject,
  request: ChooseRequest,
): Promise<{ treatment: string | null } | undefined> {
  const earlier = await earlierChoice(tx, request);
  if (earlier !== undefined) return earlier;
  const offered = await queryOne<{ treatment: string; open: boolean }>(
    tx,
    `select treatment, ${isOpenAt('o', '$3')} as open from offer o where enrolment_id = $1 and step = $2`,
    [request.enrolmentId, request.step, request.now],
  );
  if (offered === undefined) return undefined;
  const treatment = offered.open ? offered.treatment : null;
  await recordVerdict(tx, subject, { ...request, reference: null }, { treatment, candidates: [], reasons: ['already-offered'] });
  return { treatment };
}

async function earlierChoice(tx: EntityManager, request: ChooseRequest): Promise<{ treatment: string | null } | undefined> {
  return tables<typeof Decision>(tx)
    .selectFrom('Decision')
    .select('subject as treatment')
    .where('enrolment', '=', request.enrolmentId)
    .where('step', '=', request.step)
    .where('occurrence', '=', request.occurrence)
    .where('kind', 'in', ['treat', 'none'])
    .executeTakeFirst();
}
