import { z } from 'zod';
import { minorPerMajor } from '../../platform/currencies.js';
import type { Features } from '../features/feature.js';
import type { DataMatrix } from '../model/data/data-matrix.js';
import type { ModelForm, Reasons } from '../model/scorer.js';
import { expectedSpend } from './gamma-gamma.js';
import { currencyColumn, numbersOf, wordsOf } from './hazard-form.js';
import { discountedPurchases } from './lifetime-value.js';
import { paretoNbdAliveOf } from './pareto-nbd.js';
import type { ValuedHistories } from './purchase-histories.js';
import { discountOfPeriod } from './remaining-value.js';
import type { History } from './repeat-purchases.js';
import { shapleyOfThree } from './shapley.js';
import { valueSettings, type PurchaseSettings } from './value-settings.js';

const number = z.number();

const stored = z.object({
  purchases: z.object({ r: number, alpha: number, s: number, beta: number }),
  /** In major units. */
  spend: z.object({ p: number, q: number, gamma: number }),
  value: valueSettings,
  /** What reasons compare with: how likely customers are active, how much they buy then, discounted, and what they spend at once. */
  average: z.object({ alive: number, bought: number, spend: number }),
  /** That of most customers: what the base of the reasons is in. */
  currency: z.string(),
});

/** The value of customers who buy without a contract, as it is kept. */
export type PurchasesValue = z.infer<typeof stored>;

const weeksPerYear = 365.25 / 7;
const columns = ['purchases', 'last_purchase', 'first_purchase', 'mean_amount'] as const;

/** What is read to score with it. */
export function purchaseFeatures({ events, amount, where }: PurchaseSettings): Features {
  const common = { events, ...(where === undefined ? {} : { where }), type: 'number', knots: 2, logarithm: false } as const;
  return {
    purchases: { purchases: 'repeats', ...common },
    last_purchase: { purchases: 'last', ...common },
    first_purchase: { purchases: 'first', ...common },
    mean_amount: { purchases: 'mean', amount, ...common },
    [currencyColumn]: { type: 'category', same: {} },
  } as Features;
}

/** The histories of some rows, in weeks; NaN for who has never bought. */
export function historiesOf({ rows, columns: read }: DataMatrix): ValuedHistories {
  const of = (name: (typeof columns)[number]): Float64Array =>
    numbersOf(
      read.find((column) => column.name === name),
      rows,
    );
  const [frequency, last, first, meanAmount] = [of('purchases'), of('last_purchase'), of('first_purchase'), of('mean_amount')];
  // Whole weeks can make one of two purchases in a week: who has bought again did so after at least a day.
  const recency = frequency.map((count, row) => (count === 0 ? 0 : Math.max(1, (first[row] ?? NaN) - (last[row] ?? NaN)) / 7));
  return { frequency, recency, age: first.map((days, row) => Math.max(days / 7, recency[row] ?? NaN)), meanAmount };
}

/**
 * The margin that a customer without a contract is expected to bring: in minor units of their currency, discounted, within the horizon. NaN for
 * who has never bought.
 *
 * Reasons add up to the value: Shapley values of how likely the customer is still active (last_purchase), of how much they buy if they are
 * (purchases), and of what they spend at once (mean_amount), compared with the average customer.
 */
export const purchasesForm: ModelForm = {
  read: (kept) => {
    const model = stored.parse(kept);
    return { values: (rows) => valuesOf(model, rows), reasons: (rows) => reasonsOf(model, rows) };
  },
};

/** How likely a customer is active, what they buy then, discounted, and what they spend at once, in major units. */
export function factorsOf({ purchases, spend, value }: Omit<PurchasesValue, 'average' | 'currency'>, history: History, meanAmount: number) {
  const alive = paretoNbdAliveOf(purchases, history);
  const horizon = { discount: discountOfPeriod(value.discount, weeksPerYear), horizon: (value.months / 12) * weeksPerYear };
  const bought = alive === 0 ? 0 : discountedPurchases(purchases, history, horizon) / alive;
  return { alive, bought, spend: expectedSpend(spend, history.frequency, meanAmount) };
}

function* customersOf(model: PurchasesValue, rows: DataMatrix) {
  const { frequency, recency, age, meanAmount } = historiesOf(rows);
  const currencies = wordsOf(
    rows.columns.find(({ name }) => name === currencyColumn),
    rows.rows,
  );
  for (let row = 0; row < rows.rows; row++) {
    const history = { frequency: frequency[row] ?? NaN, recency: recency[row] ?? NaN, age: age[row] ?? NaN };
    const scale = model.value.margin * minorPerMajor(currencies[row] ?? '');
    const known = !Number.isNaN(history.frequency);
    yield { row, scale, factors: known ? factorsOf(model, history, meanAmount[row] ?? 0) : undefined };
  }
}

function valuesOf(model: PurchasesValue, rows: DataMatrix): Float64Array {
  const values = new Float64Array(rows.rows).fill(NaN);
  for (const { row, scale, factors } of customersOf(model, rows))
    if (factors !== undefined) values[row] = Math.round(scale * factors.alive * factors.bought * factors.spend);
  return values;
}

function reasonsOf(model: PurchasesValue, rows: DataMatrix): Reasons {
  const contributions = new Float64Array(rows.rows * columns.length);
  const remainder = new Float64Array(rows.rows);
  const { average, value, currency } = model;
  const base = value.margin * minorPerMajor(currency) * average.alive * average.bought * average.spend;
  for (const { row, scale, factors } of customersOf(model, rows)) {
    if (factors === undefined) continue;
    const [alive, bought, spend] = shapleyOfThree(
      (first, second, third) =>
        scale *
        (first ? factors.alive : average.alive) *
        (second ? factors.bought : average.bought) *
        (third ? factors.spend : average.spend),
    );
    contributions.set([bought, alive, 0, spend], row * columns.length);
    const rounded = Math.round(scale * factors.alive * factors.bought * factors.spend);
    remainder[row] = rounded - base - (alive + bought + spend);
  }
  return { columns, base, contributions, remainder };
}
