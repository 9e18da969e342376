import type { AmountQuality } from '../registry/score-model.entity.js';
import type { HazardByPeriod } from './remaining-value.js';

/** Customers under contract from their first period on, and what the model says of each. */
export interface Survivals {
  readonly hazards: readonly HazardByPeriod[];
  /** The last period in which each was seen. */
  readonly through: Uint32Array;
  /** 1 where they left at its end. */
  readonly left: Uint8Array;
}

/** How many periods ahead the months that customers stay are compared. */
const comparedPeriods = 12;
/** Ages that fewer than this share of the customers have reached say little. */
const leastShare = 0.1;

/**
 * Survival as predicted against survival as observed. Who is still there is not left aside: the rank correlation is that of pairs whose order is
 * known (Harrell's concordance, scaled to -1 to 1), the share still there at an age is compared with Kaplan and Meier's, and months within the
 * first year are weighted by how likely a customer was observed so long (Graf and others 1999).
 */
export function survivalQuality(survivals: Survivals): AmountQuality {
  const curves = survivals.hazards.map((hazard) =>
    curveOf(
      hazard,
      survivals.through.reduce((most, each) => Math.max(most, each), 1),
    ),
  );
  const observed = kaplanMeier(survivals, (_, customer) => survivals.left[customer] === 1);
  const naive = observed.slice(0, comparedPeriods).reduce((sum, share) => sum + share, 0);
  const predicted = curves.map((curve) => curve.slice(0, comparedPeriods).reduce((sum, share) => sum + share, 0));
  return {
    rankCorrelation: concordance(survivals, predicted),
    meanError: errorOf(survivals, (customer) => predicted[customer] ?? NaN),
    naiveError: errorOf(survivals, () => naive),
    unit: 'months',
    calibrationError: calibrationError(survivals, curves, observed),
  };
}

/** How likely a customer is there after each period. */
function curveOf(hazard: HazardByPeriod, periods: number): Float64Array {
  let there = 1;
  return Float64Array.from({ length: periods }, (_, index) => (there *= 1 - hazard(index + 1)));
}

/** The share still there after each period (Kaplan and Meier 1958), where `ends` says whose end counts. */
function kaplanMeier({ through }: Survivals, ends: (through: number, customer: number) => boolean): Float64Array {
  const last = through.reduce((most, each) => Math.max(most, each), 1);
  const ended = new Float64Array(last + 1);
  const seen = new Float64Array(last + 1);
  through.forEach((period, customer) => {
    seen[period] = (seen[period] ?? 0) + 1;
    if (ends(period, customer)) ended[period] = (ended[period] ?? 0) + 1;
  });
  let atRisk = through.length - (seen[0] ?? 0);
  let there = 1;
  return Float64Array.from({ length: last }, (_, index) => {
    const period = index + 1;
    if (atRisk > 0) there *= 1 - (ended[period] ?? 0) / atRisk;
    atRisk -= seen[period] ?? 0;
    return there;
  });
}

function calibrationError({ through }: Survivals, curves: readonly Float64Array[], observed: Float64Array): number {
  const reached = (period: number): number => through.reduce((sum, each) => sum + Number(each >= period), 0) / through.length;
  let error = 0;
  let periods = 0;
  for (let index = 0; index < observed.length && reached(index + 1) >= leastShare; index++) {
    const mean = curves.reduce((sum, curve) => sum + (curve[index] ?? 0), 0) / curves.length;
    error += Math.abs(mean - (observed[index] ?? 0));
    periods++;
  }
  return periods === 0 ? 0 : error / periods;
}

/** Of pairs of whom one is known to have left earlier: how often that is the one of whom less was predicted; ties count half. */
function concordance({ through, left }: Survivals, predicted: readonly number[]): number {
  let pairs = 0;
  let right = 0;
  for (let one = 0; one < through.length; one++) {
    if (left[one] !== 1) continue;
    const [end, own] = [through[one] ?? 0, predicted[one] ?? 0];
    for (let other = 0; other < through.length; other++) {
      const later = through[other] ?? 0;
      if (later < end || (later === end && left[other] === 1)) continue;
      pairs++;
      right += own < (predicted[other] ?? 0) ? 1 : own === predicted[other] ? 0.5 : 0;
    }
  }
  return pairs === 0 ? 0 : (2 * right) / pairs - 1;
}

function errorOf(survivals: Survivals, predicted: (customer: number) => number): number {
  const { through, left } = survivals;
  const observedShare = kaplanMeier(survivals, (_, customer) => left[customer] !== 1);
  let error = 0;
  let weights = 0;
  through.forEach((period, customer) => {
    const gone = left[customer] === 1 && period <= comparedPeriods;
    if (!gone && period < comparedPeriods) return;
    const end = gone ? period : comparedPeriods;
    const weight = 1 / Math.max(observedShare[end - 2] ?? 1, 0.01);
    // Who leaves at the end of a period was not there after it.
    const months = gone ? period - 1 : comparedPeriods;
    error += weight * Math.abs(predicted(customer) - months);
    weights += weight;
  });
  return weights === 0 ? NaN : error / weights;
}
