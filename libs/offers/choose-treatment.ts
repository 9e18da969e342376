import { formatMoney } from '../platform/money.js';
import type { Candidate } from './decision.entity.js';
import { costOf, keptValueOf, type Economics, type NotKnown } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';

/** The key of the candidate that always exists: to do nothing, worth 0. */
export const nothing = 'nothing';

export interface Option {
  readonly treatment: TreatmentDefinition;
  /** Whether its rule holds for the customer. */
  readonly eligible: boolean;
}

/** The customer's data on which the value of a treatment depends. */
export interface Situation {
  /** The likelihood that they churn if nothing is done, 0 to 1; null if there is no score. */
  readonly churn: number | null;
  /** Minor units per month; null if it is not known. */
  readonly monthlyCharge: number | null;
  /** The currency of their charge; the campaign's if there is no charge. */
  readonly currency: string;
}

/** A treatment that may be given and pays off: `value` > 0. */
export interface PayingTreatment {
  readonly treatment: TreatmentDefinition;
  /** Expected incremental profit, whole minor units. */
  readonly value: number;
  /** The cost of acceptance in whole minor units, which must be reserved. */
  readonly cost: number;
}

export interface Choice {
  /** Every treatment that pays off, best first; empty if doing nothing is the best. */
  readonly paying: readonly PayingTreatment[];
  /** All candidates in the order of the options, `nothing` last, as a decision stores them. */
  readonly candidates: readonly Candidate[];
  /** The treatments that cannot be given, by key, and why. */
  readonly excluded: ReadonlyMap<string, Exclusion>;
  /** Why `paying` is empty; null if it is not. */
  readonly whyNothing: WhyNothing | null;
}

/** Why a treatment cannot be given. */
type Exclusion = 'not-eligible' | 'no-score' | NotKnown;

type WhyNothing = 'no-score' | 'no-charge' | 'not-eligible' | 'nothing-pays';

interface Valued {
  readonly candidate: Candidate;
  readonly paying: PayingTreatment | null;
  readonly exclusion: Exclusion | null;
}

/**
 * Ranks the treatments for one customer by expected incremental profit, in minor units:
 *
 * uplift x P(churn) x retained value  -  P(accept) x cost  -  contact cost retained value = monthly charge x horizon months x margin; what
 * the treatment states if no charge is known
 *
 * `uplift` is the treatment's prior: the share by which being offered it lowers the chance to leave (an effect on all who
 * get the offer, not only on those who take it). Every amount is one customer's, in the currency that they are charged in.
 * The budget has no shadow price: one that runs short is met where the cost is reserved, by taking the next best.
 *
 * Doing nothing is worth 0, so a treatment that is not worth more than 0 is never chosen. Ties go to the cheaper one, then by name,
 * independent of the order of the options.
 */
export function chooseTreatment(options: readonly Option[], situation: Situation, economics: Economics): Choice {
  const valued = options.map((option) => valueOf(option, situation, economics));
  const paying = valued.flatMap((each) => (each.paying === null ? [] : [each.paying])).sort(byPreference);
  return {
    paying,
    candidates: [...valued.map((each) => each.candidate), { key: nothing, eligible: true, value: 0, reasons: ['always-possible'] }],
    excluded: new Map(valued.flatMap(({ candidate, exclusion }) => (exclusion === null ? [] : [[candidate.key, exclusion]]))),
    whyNothing: paying.length > 0 ? null : whyNothing(options, valued, situation),
  };
}

function valueOf(option: Option, situation: Situation, economics: Economics): Valued {
  const { treatment } = option;
  const { churn, monthlyCharge, currency } = situation;
  const cost = costOf(treatment, monthlyCharge, currency);
  const keptValue = keptValueOf(treatment, monthlyCharge, currency, economics);
  if (!option.eligible) return excluded(treatment, 'not-eligible');
  if (typeof cost === 'string') return excluded(treatment, cost);
  if (typeof keptValue === 'string') return excluded(treatment, keptValue);
  if (churn === null) return excluded(treatment, 'no-score');

  const kept = treatment.prior.uplift * churn * keptValue;
  const spent = treatment.prior.acceptance * cost;
  const value = Math.round(kept - spent - economics.contactCost);
  const money = (minor: number): string => formatMoney({ minor: Math.round(minor), currency });
  const reasons = [
    value > 0 ? 'pays' : 'does-not-pay',
    `expected to keep ${money(kept)}, to cost ${money(spent)}, to send for ${money(economics.contactCost)}`,
  ];
  return {
    candidate: { key: treatment.treatment, eligible: true, value, reasons },
    paying: value > 0 ? { treatment, value, cost } : null,
    exclusion: null,
  };
}

function excluded(treatment: TreatmentDefinition, exclusion: Exclusion): Valued {
  return { candidate: { key: treatment.treatment, eligible: false, value: null, reasons: [exclusion] }, paying: null, exclusion };
}

function byPreference(a: PayingTreatment, b: PayingTreatment): number {
  return b.value - a.value || a.cost - b.cost || (a.treatment.treatment < b.treatment.treatment ? -1 : 1);
}

function whyNothing(options: readonly Option[], valued: readonly Valued[], situation: Situation): WhyNothing {
  if (!options.some((option) => option.eligible)) return 'not-eligible';
  if (situation.churn === null) return 'no-score';
  const unknown = valued.some(({ exclusion }) => exclusion === 'no-charge');
  return unknown && !valued.some(({ candidate }) => candidate.eligible) ? 'no-charge' : 'nothing-pays';
}
