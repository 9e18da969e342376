import type { EntityManager } from '@mikro-orm/postgresql';
import { lockLiving } from '../customers/living.js';
import { queryOne } from '../persistence/sql.js';
import { parseMoney } from '../platform/money.js';
import { conflict, notFound, Problem } from '../platform/problem.js';
import { loadFacts } from '../segments/load-facts.js';
import { costOf } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { listTreatments } from '../treatments/treatments.js';
import { nothing, type Choice } from './choose-treatment.js';
import { issueOffer, judgeChoice, recordVerdict, reserveBest, valueTreatments, type OfferSubject, type Verdict } from './issue-offer.js';
import type { OfferState } from './offer.entity.js';
import { offerStateAt } from './offer-sql.js';

/** A requested offer outside of a journey: by a call centre, a loyalty programme, a person. */
export interface WantedOffer {
  readonly customerId: string;
  /** The caller's reference: the same one for the same customer again gives the first answer. */
  readonly reference: string;
  /** `from`: the best of these that pays off, or none. `treatment`: this one, even if it does not pay off, if the customer is eligible. */
  readonly choice: { readonly from: readonly string[] } | { readonly treatment: string };
  /** The key of the campaign whose budget pays the cost; null if none does. */
  readonly budgetOf: string | null;
}

export interface MadeOffer {
  readonly id: string;
  readonly treatment: string;
  readonly title: string;
  /** The cost of acceptance for the company in minor units. */
  readonly cost: number;
  readonly currency: string;
  readonly voucherCode: string;
  readonly state: OfferState;
  readonly expiresAt: Date;
}

/** The decision, and its offer; null if there is none. */
export interface OfferAnswer {
  readonly decisionId: string;
  readonly reference: string;
  /** The reasons, the main one first, as `best-value`, `given`, `budget`, `not-eligible`, `nothing-pays`. */
  readonly reasons: readonly string[];
  readonly offer: MadeOffer | null;
}

/** The choice of an offer comes before every attempt to send it. */
const occurrence = 0;

/**
 * Chooses among treatments, or takes the given one, and issues it as an offer, or records that there is none. Repeated with the same
 * reference, it returns the first answer and changes nothing.
 * @throws Problem not-found if there is no such customer, invalid if there is no such treatment or budget, conflict if the reference was
 *   used for another choice
 */
export async function offerByReference(tx: EntityManager, wanted: WantedOffer, now: Date): Promise<OfferAnswer> {
  // Locked, so that the same request twice at once is done once.
  await lockLiving(tx, wanted.customerId);
  const earlier = await findOffer(tx, wanted, now);
  if (earlier !== undefined) {
    await expectSame(tx, wanted, earlier.decisionId);
    return earlier;
  }
  const subject = await subjectOf(tx, wanted);
  const asked = { step: null, reference: wanted.reference, occurrence, now };
  const from = 'from' in wanted.choice ? [...new Set(wanted.choice.from)] : [wanted.choice.treatment];
  const choice = valueTreatments(subject, from, await loadFacts(tx, wanted.customerId, now));
  const { verdict, chosen } =
    'from' in wanted.choice ? await best(tx, subject, choice) : await given(tx, subject, choice, wanted.choice.treatment);
  const decisionId = await recordVerdict(tx, subject, asked, verdict);
  if (chosen !== undefined) await issueOffer(tx, subject, asked, chosen, decisionId);
  const answer = await findOffer(tx, wanted, now);
  if (answer === undefined) throw new Error('A decision that was just stored is gone');
  return answer;
}

interface Chosen {
  readonly verdict: Verdict;
  readonly chosen: { readonly treatment: TreatmentDefinition; readonly cost: number } | undefined;
}

async function best(tx: EntityManager, subject: OfferSubject, choice: Choice): Promise<Chosen> {
  const affordable = await reserveBest(tx, subject.campaignId, choice.paying);
  return { verdict: judgeChoice(choice, affordable), chosen: affordable };
}

/** The requested treatment: it need not pay off, but the customer must be eligible, and the budget must allow it. */
async function given(tx: EntityManager, subject: OfferSubject, choice: Choice, key: string): Promise<Chosen> {
  // It was not compared with doing nothing, so `nothing` is not a candidate. This distinguishes its decision from a choice with only this treatment.
  const candidates = choice.candidates.filter((each) => each.key !== nothing);
  const treatment = treatmentOf(subject.treatments, key);
  const refused = (reason: string): Chosen => ({ verdict: { treatment: null, candidates, reasons: [reason] }, chosen: undefined });
  if (choice.excluded.get(key) === 'not-eligible') return refused('not-eligible');
  const cost = costOf(treatment, subject.monthlyCharge, subject.currency);
  if (typeof cost === 'string') return refused(cost);
  const chosen = await reserveBest(tx, subject.campaignId, [{ treatment, cost, value: 0 }]);
  return chosen === undefined ? refused('budget') : { verdict: { treatment: key, candidates, reasons: ['given'] }, chosen };
}

async function subjectOf(tx: EntityManager, { customerId, choice, budgetOf }: WantedOffer): Promise<OfferSubject> {
  const treatments = await listTreatments(tx);
  const wanted = 'from' in choice ? choice.from : [choice.treatment];
  const budget = budgetOf === null ? null : await findBudget(tx, budgetOf);
  const places = wanted.flatMap((key, place) =>
    treatments.some(({ treatment }) => treatment === key)
      ? []
      : [{ where: 'from' in choice ? `from.${place}` : 'treatment', what: `There is no treatment ${key}` }],
  );
  if (places.length > 0) throw new Problem('invalid', 'The request is not valid', places, 'GET /v1/treatments lists them.');
  const customer = await queryOne<{ monthlyCharge: number | null; currency: string | null }>(
    tx,
    'select monthly_charge as "monthlyCharge", currency from customer where id = $1',
    [customerId],
  );
  const stated = wanted.map((key) => statedCurrency(treatmentOf(treatments, key))).find((each) => each !== undefined);
  return {
    customerId,
    enrolmentId: null,
    campaignId: budget?.id ?? null,
    monthlyCharge: customer?.monthlyCharge ?? null,
    // Without a charge, a budget and a stated amount there is no cost either, so nothing is issued in this currency.
    currency: customer?.currency ?? budget?.currency ?? stated ?? noCurrency,
    budgetCurrency: budget?.currency ?? null,
    treatments,
  };
}

/** The code of ISO 4217 for "no currency". */
const noCurrency = 'XXX';

function statedCurrency({ cost }: TreatmentDefinition): string | undefined {
  return 'fixed' in cost ? parseMoney(cost.fixed)?.currency : undefined;
}

function treatmentOf(treatments: readonly TreatmentDefinition[], key: string): TreatmentDefinition {
  const treatment = treatments.find((each) => each.treatment === key);
  if (treatment === undefined) throw notFound('treatment', key);
  return treatment;
}

async function findBudget(tx: EntityManager, key: string): Promise<{ readonly id: string; readonly currency: string }> {
  const campaign = await queryOne<{ id: string; currency: string; live: boolean }>(
    tx,
    `select id, currency, state in ('live', 'paused') as live from campaign where key = $1`,
    [key],
  );
  if (campaign === undefined)
    throw new Problem('invalid', 'The request is not valid', [{ where: 'budgetOf', what: `There is no campaign ${key}` }]);
  if (!campaign.live) throw conflict(`The campaign ${key} is not live, so its budget takes no new offers`);
  return campaign;
}

async function findOffer(tx: EntityManager, { customerId, reference }: WantedOffer, now: Date): Promise<OfferAnswer | undefined> {
  const decision = await queryOne<Omit<OfferAnswer, 'offer'>>(
    tx,
    `select id as "decisionId", reference, reasons from decision
     where customer_id = $1 and reference = $2 and occurrence = ${occurrence} and ordinal = 0`,
    [customerId, reference],
  );
  if (decision === undefined) return undefined;
  const offer = await queryOne<MadeOffer>(
    tx,
    `select id, treatment, title, cost, currency, voucher_code as "voucherCode", ${offerStateAt('o', '$3')} as state, expires_at as "expiresAt"
     from offer o where customer_id = $1 and reference = $2`,
    [customerId, reference, now],
  );
  return { ...decision, offer: offer ?? null };
}

/** @throws Problem conflict if the reference was used for another choice */
async function expectSame(tx: EntityManager, { choice, budgetOf }: WantedOffer, decisionId: string): Promise<void> {
  const decided = await queryOne<{ keys: string[]; chosen: boolean; budgetOf: string | null }>(
    tx,
    `select array(select c ->> 'key' from jsonb_array_elements(d.candidates) c where c ->> 'key' <> '${nothing}') as keys,
       d.candidates @> '[{"key": "${nothing}"}]' as chosen, k.key as "budgetOf"
     from decision d left join campaign k on k.id = d.campaign_id where d.id = $1`,
    [decisionId],
  );
  const wanted = new Set('from' in choice ? choice.from : [choice.treatment]);
  const same =
    decided?.budgetOf === budgetOf &&
    decided.chosen === 'from' in choice &&
    decided.keys.length === wanted.size &&
    decided.keys.every((key) => wanted.has(key));
  if (!same) throw conflict('This reference was used for another offer', 'Use a new reference for each offer.');
}
