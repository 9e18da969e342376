import type { Neighbours } from './neighbours.js';

export interface PageRank {
  /** How much each customer matters to others, 1 being the average of all. */
  readonly ranks: Float64Array;
  readonly iterations: number;
  /** False where the ranks still moved when the iterations were used up. */
  readonly converged: boolean;
}

/** How much of somebody's weight comes from those who listen to them; the rest everybody has. The value of the original paper. */
const damping = 0.85;
const tolerance = 1e-9;
const mostIterations = 200;

/**
 * Weighted PageRank (Page, Brin, Motwani and Winograd, The PageRank Citation Ranking, 1999): who matters to many, or to few who
 * matter themselves, has a high rank. Who has nobody gives their weight to all alike, so the ranks always average 1; who is
 * nobody's neighbour has the least. Exact to a mean change of 1e-9, and the same on every machine.
 */
export function pageRank({ customers, starts, others, weights }: Neighbours): PageRank {
  const totals = new Float64Array(customers);
  for (let customer = 0; customer < customers; customer++)
    for (let place = at(starts, customer); place < at(starts, customer + 1); place++)
      totals[customer] = at(totals, customer) + at(weights, place);
  let ranks = new Float64Array(customers).fill(1);
  for (let iteration = 1; iteration <= mostIterations; iteration++) {
    const next = new Float64Array(customers);
    let unbound = 0;
    for (let customer = 0; customer < customers; customer++) {
      const total = at(totals, customer);
      const rank = at(ranks, customer);
      if (total === 0) {
        unbound += rank;
        continue;
      }
      const given = rank / total;
      for (let place = at(starts, customer); place < at(starts, customer + 1); place++) {
        const other = at(others, place);
        next[other] = at(next, other) + given * at(weights, place);
      }
    }
    const forAll = 1 - damping + (damping * unbound) / customers;
    let change = 0;
    for (let customer = 0; customer < customers; customer++) {
      next[customer] = forAll + damping * at(next, customer);
      change += Math.abs(at(next, customer) - at(ranks, customer));
    }
    ranks = next;
    if (change <= tolerance * customers) return { ranks, iterations: iteration, converged: true };
  }
  return { ranks, iterations: mostIterations, converged: false };
}

/**
 * What each customer has from those who listen to them by some of the ties alone. Those of all ties together, and what everybody has, are the rank.
 * @param neighbours by all ties: they say how each one's weight is divided
 * @param some those by some of the ties
 */
export function passedOn(neighbours: Neighbours, ranks: Float64Array, some: Neighbours): Float64Array {
  const received = new Float64Array(some.customers);
  for (let customer = 0; customer < some.customers; customer++) {
    let total = 0;
    for (let place = at(neighbours.starts, customer); place < at(neighbours.starts, customer + 1); place++)
      total += at(neighbours.weights, place);
    for (let place = at(some.starts, customer); place < at(some.starts, customer + 1); place++) {
      const other = at(some.others, place);
      received[other] = at(received, other) + (damping * at(ranks, customer) * at(some.weights, place)) / total;
    }
  }
  return received;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
