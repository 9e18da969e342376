import { arrowsOf, tieKinds, type TieKind, type Ties } from './ties.js';

/** What a tie of each kind counts, beside its own weight. */
export type KindWeights = Readonly<Record<TieKind, number>>;

/** Households and referrals say more about who listens to whom than contacts do. A company may know better. */
export const usualKindWeights: KindWeights = { referral: 1, household: 1, contact: 0.5 };

/** For each customer, those who matter to them: `others` and `weights` from `starts[customer]` to before `starts[customer + 1]`. */
export interface Neighbours {
  readonly customers: number;
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly weights: Float64Array;
}

/**
 * The neighbours of all customers; ties of several kinds to the same customer are added up.
 * @param mutual whether a referral also counts for who referred (see arrowsOf)
 */
export function neighboursOf(customers: number, ties: Ties, kindWeights: KindWeights, mutual: boolean): Neighbours {
  const { kind, from, to, weight } = arrowsOf(customers, ties, mutual);
  const byKind = tieKinds.map((name) => kindWeights[name]);
  const starts = new Uint32Array(customers + 1);
  const others = new Uint32Array(kind.length);
  const weights = new Float64Array(kind.length);
  let count = 0;
  for (let arrow = 0; arrow < kind.length; arrow++) {
    const own = (byKind[kind[arrow] ?? 0] ?? 0) * (weight[arrow] ?? 0);
    if (own === 0) continue;
    const source = from[arrow] ?? 0;
    // The arrows are ordered, so where the customer has any, the last one was theirs.
    if ((starts[source + 1] ?? 0) > 0 && others[count - 1] === to[arrow]) {
      weights[count - 1] = (weights[count - 1] ?? 0) + own;
      continue;
    }
    others[count] = to[arrow] ?? 0;
    weights[count] = own;
    starts[source + 1] = (starts[source + 1] ?? 0) + 1;
    count++;
  }
  for (let customer = 0; customer < customers; customer++) starts[customer + 1] = (starts[customer + 1] ?? 0) + (starts[customer] ?? 0);
  return { customers, starts, others: others.subarray(0, count), weights: weights.subarray(0, count) };
}

/** How many customers each one has referred, lives with and is in contact with: what a person can say of their influence. */
export function countTies(customers: number, ties: Ties): Readonly<Record<TieKind, Uint32Array>> {
  const { kind, to } = arrowsOf(customers, ties, false);
  const counts = tieKinds.map(() => new Uint32Array(customers));
  for (let arrow = 0; arrow < kind.length; arrow++) {
    const own = counts[kind[arrow] ?? 0];
    const customer = to[arrow] ?? 0;
    if (own !== undefined) own[customer] = (own[customer] ?? 0) + 1;
  }
  const [referral = new Uint32Array(customers), household = new Uint32Array(customers), contact = new Uint32Array(customers)] = counts;
  return { referral, household, contact };
}
