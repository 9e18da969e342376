import { z } from 'zod';
import { minorPerMajor } from '../../platform/currencies.js';
import { missing, type DataColumn, type DataMatrix } from '../model/data/data-matrix.js';
import type { ModelForm, Reasons } from '../model/scorer.js';
import { featureOfColumn, toCovariates } from './covariates.js';
import { hazardAt, leaningsOf } from './hazard.js';
import { discountOfPeriod, remainingPeriods } from './remaining-value.js';
import { shapleyOfThree } from './shapley.js';
import { valueSettings } from './value-settings.js';

const covariate = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), feature: z.string(), logarithm: z.boolean(), mean: z.number() }),
  z.object({ type: z.literal('category'), feature: z.string(), words: z.array(z.string()).readonly() }),
]);

const numbers = z.array(z.number()).readonly();

const stored = z.object({
  hazard: z.object({
    regression: z.object({ intercept: z.number(), weights: numbers }),
    center: numbers,
    scale: numbers,
    lastPeriod: z.number(),
  }),
  covariates: z.array(covariate),
  value: valueSettings,
  /** What reasons compare with: months as a customer, and the charge in minor units by currency, that of most customers first. */
  average: z.object({ tenure: z.number(), charges: z.array(z.object({ currency: z.string(), charge: z.number() })).min(1) }),
});

/** The value of customers under contract, as it is kept. */
export type HazardValue = z.infer<typeof stored>;

/** What is read to score with it, beside its covariates; a covariate may have the name of the charge. */
export const chargeColumn = 'monthly_charge';
export const tenureColumn = 'tenure';
export const currencyColumn = 'currency';

/**
 * The margin that a customer under contract is expected to bring from now on: in minor units of their currency, discounted, within the horizon.
 * NaN where their charge or tenure is not known.
 *
 * Reasons add up to the value: Shapley values of the charge, of the time as a customer, and of all that is known of the customer together,
 * compared with the average customer; the last one is divided among the features as they add to the log-odds of leaving.
 */
export const hazardForm: ModelForm = {
  read: (kept) => {
    const model = stored.parse(kept);
    return { values: (rows) => valuesOf(model, rows), reasons: (rows) => reasonsOf(model, rows) };
  },
};

/** The months that a customer is expected still to stay, discounted. */
function monthsOf({ hazard, value }: HazardValue, tenure: number, leaning: number): number {
  const settings = { discount: discountOfPeriod(value.discount, 12), horizon: value.months };
  return remainingPeriods(hazardAt(hazard, leaning), tenure + 1, settings);
}

function valuesOf(model: HazardValue, rows: DataMatrix): Float64Array {
  const { tenures, charges, leanings } = customersOf(model, rows);
  return charges.map((charge, row) => {
    const leaning = leanings(row).reduce((sum, each) => sum + each, 0);
    return Math.round(model.value.margin * charge * monthsOf(model, tenures[row] ?? NaN, leaning));
  });
}

function reasonsOf(model: HazardValue, rows: DataMatrix): Reasons {
  const { tenures, charges, currencies, leanings } = customersOf(model, rows);
  const behind = featureOfColumn(model.covariates);
  const columns = [...new Set([chargeColumn, tenureColumn, ...behind])];
  const places = behind.map((feature) => columns.indexOf(feature));
  const contributions = new Float64Array(rows.rows * columns.length);
  const remainder = new Float64Array(rows.rows);
  const values = valuesOf(model, rows);
  const { margin } = model.value;
  const { tenure: usual, charges: averages } = model.average;
  const averageMonths = monthsOf(model, usual, 0);
  const base = margin * (averages[0]?.charge ?? 0) * averageMonths;
  for (let row = 0; row < rows.rows; row++) {
    const own = leanings(row);
    const leaning = own.reduce((sum, each) => sum + each, 0);
    const [charge, tenure] = [charges[row] ?? NaN, tenures[row] ?? NaN];
    const average = averages.find(({ currency }) => currency === currencies[row])?.charge ?? charge;
    const months = { both: monthsOf(model, tenure, leaning), tenure: monthsOf(model, tenure, 0), leaning: monthsOf(model, usual, leaning) };
    const [ofCharge, ofTenure, ofLeaning] = shapleyOfThree((charged, stayed, leans) => {
      const expected = stayed ? (leans ? months.both : months.tenure) : leans ? months.leaning : averageMonths;
      return margin * (charged ? charge : average) * expected;
    });
    const start = row * columns.length;
    const add = (place: number, amount: number): void => {
      contributions[start + place] = (contributions[start + place] ?? 0) + amount;
    };
    add(0, ofCharge);
    add(1, ofTenure);
    // Where the features cancel each other out, there is nothing to divide.
    if (Math.abs(leaning) > 1e-9) own.forEach((each, column) => add(places[column] ?? 0, (ofLeaning * each) / leaning));
    const sum = contributions.subarray(start, start + columns.length).reduce((total, each) => total + each, 0);
    remainder[row] = (values[row] ?? NaN) - base - sum;
  }
  return { columns, base, contributions, remainder };
}

function customersOf(model: HazardValue, rows: DataMatrix) {
  const byName = new Map(rows.columns.map((column) => [column.name, column]));
  const currencies = wordsOf(byName.get(currencyColumn), rows.rows);
  const charges = numbersOf(byName.get(chargeColumn), rows.rows).map((charge, row) => charge * minorPerMajor(currencies[row] ?? ''));
  const { values, columns } = toCovariates(model.covariates, rows);
  return {
    tenures: numbersOf(byName.get(tenureColumn), rows.rows),
    charges,
    currencies,
    leanings: (row: number) => leaningsOf(model.hazard, values.subarray(row * columns, (row + 1) * columns)),
  };
}

export function numbersOf(column: DataColumn | undefined, rows: number): Float64Array {
  return column?.type === 'number' ? column.values : new Float64Array(rows).fill(NaN);
}

export function wordsOf(column: DataColumn | undefined, rows: number): string[] {
  return Array.from({ length: rows }, (_, row) => (column?.type === 'category' ? (column.words[column.codes[row] ?? missing] ?? '') : ''));
}
