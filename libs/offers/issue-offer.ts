import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { loadFacts } from '../segments/load-facts.js';
import { compileRule } from '../segments/rule.js';
import { chooseTreatment, type Choice, type PayingTreatment } from './choose-treatment.js';
import type { Candidate } from './decision.entity.js';
import { recordDecision } from './decisions.js';
import { statedEconomics } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { newVoucherCode } from './voucher-code.js';

export interface ChooseRequest {
  readonly enrolmentId: string;
  readonly step: string;
  readonly occurrence: number;
  /** Keys of treatments of the enrolment's campaign version. */
  readonly from: readonly string[];
  readonly now: Date;
}

interface Subject {
  readonly campaignId: string;
  readonly customerId: string;
  readonly monthlyCharge: number | null;
  /** That the customer is charged in, or else the budget's. */
  readonly currency: string;
  readonly budgetCurrency: string;
  readonly treatments: readonly TreatmentDefinition[];
}

interface Verdict {
  readonly treatment: string | null;
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Chooses the best treatment that the campaign's budget still allows, reserves its cost and issues it as an offer, or
 * records that there is none. Either way one decision is stored with all that was looked at. Done again for the same
 * enrolment, step and occurrence, it gives the first answer and changes nothing.
 */
export async function chooseAndIssue(tx: EntityManager, request: ChooseRequest): Promise<{ treatment: string | null }> {
  const subject = await lockSubject(tx, request.enrolmentId);
  const earlier = await earlierChoice(tx, request);
  if (earlier !== undefined) return earlier;

  const offered = await queryOne<{ treatment: string; open: boolean }>(
    tx,
    `select treatment, state = 'open' as open from offer where enrolment_id = $1 and step = $2`,
    [request.enrolmentId, request.step],
  );
  if (offered !== undefined) {
    const treatment = offered.open ? offered.treatment : null;
    await record(tx, request, subject, { treatment, candidates: [], reasons: ['already-offered'] });
    return { treatment };
  }

  const choice = await choose(tx, request, subject);
  const affordable = await reserveBest(tx, subject, choice);
  const verdict = judge(choice, affordable);
  const decisionId = await record(tx, request, subject, verdict);
  if (affordable !== undefined) await issue(tx, request, subject, affordable, decisionId);
  return { treatment: verdict.treatment };
}

/** Locks the enrolment, so that the same choice asked for twice at once is made once. */
async function lockSubject(tx: EntityManager, enrolmentId: string): Promise<Subject> {
  const subject = await queryOne<Subject>(
    tx,
    `select e.campaign_id as "campaignId", e.customer_id as "customerId", c.monthly_charge as "monthlyCharge",
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

async function earlierChoice(tx: EntityManager, request: ChooseRequest): Promise<{ treatment: string | null } | undefined> {
  return queryOne(
    tx,
    `select subject as treatment from decision
     where enrolment_id = $1 and step = $2 and occurrence = $3 and kind in ('treat', 'none')`,
    [request.enrolmentId, request.step, request.occurrence],
  );
}

async function choose(tx: EntityManager, request: ChooseRequest, subject: Subject): Promise<Choice> {
  const facts = await loadFacts(tx, subject.customerId, request.now);
  const options = request.from.map((key) => {
    const treatment = subject.treatments.find((each) => each.treatment === key);
    if (treatment === undefined) throw new Error(`The version of enrolment ${request.enrolmentId} has no treatment ${key}`);
    return { treatment, eligible: subject.currency === subject.budgetCurrency && compileRule(treatment.eligible).holds(facts) };
  });
  const { monthlyCharge, currency } = subject;
  return chooseTreatment(options, { churn: facts.score['churn'] ?? null, monthlyCharge, currency }, statedEconomics);
}

/** Reserves the cost of the best treatment that fits. A conditional update, so the budget is never overshot. */
async function reserveBest(tx: EntityManager, subject: Subject, choice: Choice): Promise<PayingTreatment | undefined> {
  for (const paying of choice.paying) {
    const reserved = await query(
      tx,
      'update campaign set budget_reserved = budget_reserved + $2 where id = $1 and budget_reserved + $2 <= budget_cap returning id',
      [subject.campaignId, paying.cost],
    );
    if (reserved.length > 0) return paying;
  }
  return undefined;
}

function judge(choice: Choice, affordable: PayingTreatment | undefined): Verdict {
  const better = choice.paying.slice(0, affordable === undefined ? undefined : choice.paying.indexOf(affordable));
  const tooDear = new Set(better.map((each) => each.treatment.treatment));
  return {
    treatment: affordable?.treatment.treatment ?? null,
    candidates: choice.candidates.map((each) => (tooDear.has(each.key) ? { ...each, reasons: ['budget', ...each.reasons] } : each)),
    reasons: [
      ...(affordable === undefined ? [] : ['best-value']),
      ...(tooDear.size === 0 ? [] : ['budget']),
      ...(choice.whyNothing === null ? [] : [choice.whyNothing]),
    ],
  };
}

async function record(tx: EntityManager, request: ChooseRequest, subject: Subject, verdict: Verdict): Promise<string> {
  const { enrolmentId, step, occurrence, now } = request;
  const { campaignId, customerId } = subject;
  const { treatment, candidates, reasons } = verdict;
  const kind = treatment === null ? 'none' : 'treat';
  const place = { enrolmentId, campaignId, customerId, step, occurrence, ordinal: 0 };
  return recordDecision(tx, { ...place, kind, subject: treatment, candidates, reasons, until: null, at: now });
}

async function issue(
  tx: EntityManager,
  request: ChooseRequest,
  subject: Subject,
  chosen: PayingTreatment,
  decisionId: string,
): Promise<void> {
  const { treatment, cost } = chosen;
  await query(
    tx,
    `insert into offer (id, enrolment_id, campaign_id, customer_id, decision_id, step, treatment, title, cost, currency,
                        voucher_code, state, issued_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13)`,
    [
      newId(),
      request.enrolmentId,
      subject.campaignId,
      subject.customerId,
      decisionId,
      request.step,
      treatment.treatment,
      treatment.title,
      cost,
      subject.currency,
      newVoucherCode(),
      request.now,
      new Date(request.now.getTime() + treatment.validDays * dayMs),
    ],
  );
}
