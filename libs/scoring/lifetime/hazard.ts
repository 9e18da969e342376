import { fitLogistic, sigmoid, type Logistic, type Matrix } from '../model/linear/logistic.js';
import type { HazardByPeriod } from './remaining-value.js';

/** Customers under contract, as far as they were seen. */
export interface ContractHistories {
  /** One row a customer: what is known of them. The numbers may be of any scale. */
  readonly covariates: Matrix;
  /** The first period in which each was seen, 1 for the first of the contract; who was there before we looked began later. */
  readonly from: Uint32Array;
  /** The last period in which each was seen. */
  readonly through: Uint32Array;
  /** 1 where the customer left at the end of that period, 0 where they stayed, or nothing more is known. */
  readonly left: Uint8Array;
}

/**
 * A discrete-time hazard (Singer and Willett, It's About Time, Journal of Educational Statistics 1993): how likely a customer leaves
 * at the end of a period, by a logistic regression on one row for each period of each customer. Plain data.
 */
export interface HazardModel {
  readonly regression: Logistic;
  /** Mean and deviation of each covariate, by which it is put on one scale. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** The last period that was seen: from there on the hazard stays as it is. */
  readonly lastPeriod: number;
}

/** Columns that say which period it is: the hazard may fall fast in the first periods, and slowly or not at all later. */
const periodColumns = 2;

/**
 * Fits the hazard, with an L2 penalty on all weights but the intercept.
 * @throws RangeError where nobody has left
 */
export function fitHazard({ covariates, from, through, left }: ContractHistories, l2: number): HazardModel {
  if (!left.includes(1)) throw new RangeError('Nobody has left: there is nothing to learn a hazard from');
  const { rows, columns } = covariates;
  const standard = standards(covariates);
  const count = from.reduce((sum, first, index) => sum + Math.max(0, at(through, index) - first + 1), 0);
  const values = new Float64Array(count * (columns + periodColumns));
  const labels = new Uint8Array(count);
  let row = 0;
  for (let customer = 0; customer < rows; customer++) {
    const known = standardised(covariates.values.subarray(customer * columns, (customer + 1) * columns), standard);
    for (let period = at(from, customer); period <= at(through, customer); period++) {
      values.set(periodValues(period), row * (columns + periodColumns));
      values.set(known, row * (columns + periodColumns) + periodColumns);
      labels[row] = period === at(through, customer) ? at(left, customer) : 0;
      row++;
    }
  }
  const regression = fitLogistic({ rows: count, columns: columns + periodColumns, values }, labels, l2);
  return { regression, ...standard, lastPeriod: through.reduce((most, each) => Math.max(most, each), 1) };
}

/** The hazard of one customer, by period. */
export function hazardOfCustomer(model: HazardModel, covariates: ArrayLike<number>): HazardByPeriod {
  return hazardAt(
    model,
    leaningsOf(model, covariates).reduce((sum, each) => sum + each, 0),
  );
}

/** What each covariate of a customer adds to the log-odds of leaving, compared with its average. */
export function leaningsOf(model: HazardModel, covariates: ArrayLike<number>): number[] {
  return standardised(covariates, model).map((value, column) => value * (model.regression.weights[periodColumns + column] ?? 0));
}

/** The hazard by period of a customer whose covariates add so much to its log-odds; 0 for the average customer. */
export function hazardAt({ regression: { intercept, weights }, lastPeriod }: HazardModel, leaning: number): HazardByPeriod {
  return (period) => {
    const [logarithm, inverse] = periodValues(Math.min(period, lastPeriod));
    return sigmoid(intercept + leaning + (weights[0] ?? 0) * logarithm + (weights[1] ?? 0) * inverse);
  };
}

function periodValues(period: number): [logarithm: number, inverse: number] {
  return [Math.log(period), 1 / period];
}

interface Standard {
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

function standards({ rows, columns, values }: Matrix): Standard {
  const mean = (column: number, of: (value: number) => number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += of(at(values, row * columns + column));
    return rows === 0 ? 0 : sum / rows;
  };
  const center = Array.from({ length: columns }, (_, column) => mean(column, (value) => value));
  const scale = center.map((middle, column) => Math.sqrt(mean(column, (value) => (value - middle) ** 2)) || 1);
  return { center, scale };
}

function standardised(values: ArrayLike<number>, { center, scale }: Standard): number[] {
  return center.map((middle, column) => (at(values, column) - middle) / (scale[column] ?? 1));
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
