import type { Neighbours } from './neighbours.js';

/** Which churned neighbours count, and how much. */
export interface Recency {
  /** Only those who churned within so many days. */
  readonly withinDays: number;
  /** After so many days a churned neighbour counts half. */
  readonly halfLifeDays: number;
}

/**
 * How much of each customer's neighbourhood has churned lately: the share of the weights of their neighbours, one who churned today
 * counting in full and one of longer ago less. 0 for who has no neighbour, 1 where all churned today.
 * @param neighbours mutual ones: a customer who was referred and left matters to who referred them, and the other way round
 * @param daysSinceChurn one a customer; NaN for who has not churned
 */
export function exposureToChurn(neighbours: Neighbours, daysSinceChurn: Float64Array, { withinDays, halfLifeDays }: Recency): Float64Array {
  const { starts, others, weights } = neighbours;
  const counted = daysSinceChurn.map((days) => (days >= 0 && days <= withinDays ? 2 ** (-days / halfLifeDays) : 0));
  return Float64Array.from({ length: neighbours.customers }, (_, customer) => {
    let total = 0;
    let churned = 0;
    for (let place = starts[customer] ?? 0; place < (starts[customer + 1] ?? 0); place++) {
      const weight = weights[place] ?? 0;
      total += weight;
      churned += weight * (counted[others[place] ?? 0] ?? 0);
    }
    return total === 0 ? 0 : churned / total;
  });
}
