import { midranks } from './metrics.js';

/** An estimate with its 99% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The evidence that a model predicts anything, on customers outside its training data. */
export interface Proof {
  readonly auc: Estimate;
  /** How much lower its log-loss is than that of the base rate for everybody; nats per customer. */
  readonly gain: Estimate;
}

/** The quantile of the normal distribution for a 99% interval. By chance alone, one side of it is exceeded in one of 200 cases. */
const z = 2.576;

/**
 * Compares a model with chance.
 * - The area under the ROC curve, with DeLong's variance by midranks (Sun and Xu, 2014: Fast implementation of DeLong's algorithm).
 * - The log-loss against that of the base rate, customer by customer.
 * @param labels 1 if it happened, otherwise 0; one for each likelihood
 * @param baseRate the share of positive outcomes in the training data
 */
export function proofOf(likelihoods: readonly number[], labels: Uint8Array, baseRate: number): Proof {
  return { auc: aucOf(likelihoods, labels), gain: gainOf(likelihoods, labels, baseRate) };
}

/** Why a model must not be used, as sentences; empty if it predicts better than chance. */
export function whyNotUsed({ auc, gain }: Proof): string[] {
  return [
    ...(auc.low > 0.5 ? [] : [`it does not separate customers who churn from those who stay: AUC ${interval(auc)}, and .5 is chance`]),
    ...(gain.low > 0
      ? []
      : [`its likelihoods are not clearly better than the base rate for everybody: log-loss lower by ${interval(gain)}`]),
  ];
}

const interval = ({ value, low, high }: Estimate): string => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}, 99% sure)`;

function aucOf(likelihoods: readonly number[], labels: Uint8Array): Estimate {
  const ranks = midranks(likelihoods);
  const own = (label: number): { all: number[]; among: Float64Array } => {
    const places = [...labels.keys()].filter((place) => labels[place] === label);
    return { all: places.map((place) => ranks[place] ?? 0), among: midranks(places.map((place) => likelihoods[place] ?? 0)) };
  };
  const [happened, not] = [own(1), own(0)];
  const [m, n] = [happened.all.length, not.all.length];
  if (m < 2 || n < 2) return { value: 0.5, low: 0, high: 1 };
  const above = happened.all.map((rank, index) => (rank - (happened.among[index] ?? 0)) / n);
  const below = not.all.map((rank, index) => 1 - (rank - (not.among[index] ?? 0)) / m);
  return around(mean(above), Math.sqrt(variance(above) / m + variance(below) / n));
}

function gainOf(likelihoods: readonly number[], labels: Uint8Array, baseRate: number): Estimate {
  if (likelihoods.length < 2) return { value: 0, low: 0, high: 0 };
  const loss = (likelihood: number, label: number | undefined): number =>
    -Math.log(Math.max(1e-15, label === 1 ? likelihood : 1 - likelihood));
  const gains = likelihoods.map((likelihood, index) => loss(baseRate, labels[index]) - loss(likelihood, labels[index]));
  return around(mean(gains), Math.sqrt(variance(gains) / gains.length));
}

const around = (value: number, error: number): Estimate => ({ value, low: value - z * error, high: value + z * error });
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
