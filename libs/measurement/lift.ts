import { chiSquareTail, studentT95, z95 } from './distributions.js';

/** An estimate with its 95% confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How many of a group had the wanted result. */
export interface Proportion {
  readonly n: number;
  readonly retained: number;
}

/** The figures of a group's amounts that a comparison of means needs. `variance` is the sample's, over n - 1. */
export interface Amounts {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * The share of a group with Wilson's score interval, which keeps its coverage if the share is near 0 or 1, or the group is small. E. B.
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
 * @param group with n > 0
 */
export function wilson(group: Proportion): Estimate {
  const { n, retained } = group;
  const value = retained / n;
  const z2 = z95 * z95;
  const centre = (value + z2 / (2 * n)) / (1 + z2 / n);
  const reach = (z95 / (1 + z2 / n)) * Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
  // At 0 and 1 the bound is the share itself; rounding must not move it.
  return { value, low: retained === 0 ? 0 : centre - reach, high: retained === n ? 1 : centre + reach };
}

/**
 * The difference of two independent shares, a - b, with Newcombe's hybrid score interval. R. G. Newcombe, "Interval
 * estimation for the difference between independent proportions", Statistics in Medicine 17 (1998) 873-890, method 10.
 */
export function differenceOfShares(a: Proportion, b: Proportion): Estimate {
  const first = wilson(a);
  const second = wilson(b);
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}

/**
 * The difference of two means, a - b, with Welch's interval: the groups may differ in size and in spread. B. L. Welch,
 * "The generalization of Student's problem when several different population variances are involved", Biometrika 34
 * (1947) 28-35; degrees of freedom after Satterthwaite.
 * @param a with n > 1, as b
 */
export function differenceOfMeans(a: Amounts, b: Amounts): Estimate {
  const value = a.mean - b.mean;
  const ofA = a.variance / a.n;
  const ofB = b.variance / b.n;
  const squared = ofA + ofB;
  if (squared === 0) return { value, low: value, high: value };
  // The larger share stays within [1/2, 1], so tiny variances do not vanish when they are squared.
  const share = ofA / squared;
  const freedom = 1 / (share ** 2 / (a.n - 1) + (1 - share) ** 2 / (b.n - 1));
  const reach = studentT95(freedom) * Math.sqrt(squared);
  return { value, low: value - reach, high: value + reach };
}

/**
 * Whether the sizes of the groups are as planned: the p-value of Pearson's chi-square test with one degree of freedom. A small one (below
 * 0.001, say) means that something other than the hash assigned customers, and that the lift cannot be trusted. R. Kohavi, D. Tang, Y. Xu,
 * "Trustworthy Online Controlled Experiments" (2020), chapter 21.
 * @param planned the holdout's planned share, 0 to 1
 */
export function sampleRatioP(treated: number, holdout: number, planned: number): number {
  const n = treated + holdout;
  const expected = n * planned;
  if (expected === 0 || expected === n) return holdout === expected ? 1 : 0;
  return chiSquareTail((holdout - expected) ** 2 / expected + (treated - (n - expected)) ** 2 / (n - expected));
}
