import { DirectedGraph } from 'graphology';
import { pagerank as pagerankOfGraphology } from 'graphology-metrics/centrality/index.js';
import { exposureToChurn } from '../libs/scoring/influence/exposure.js';
import { neighboursOf, usualKindWeights, type Neighbours } from '../libs/scoring/influence/neighbours.js';
import { pageRank } from '../libs/scoring/influence/page-rank.js';
import { tieKinds, type Ties } from '../libs/scoring/influence/ties.js';
import { createRandom } from '../libs/platform/random.js';
import type { BenchReport } from './report.js';

const customers = 300_000;
const tieCount = 1_000_000;

/** Influence and exposure on a million made ties, and the same ranks by graphology on the same machine. */
export function run(report: BenchReport): Promise<void> {
  const ties = madeTies();
  const churned = madeChurn();
  report.row('ties', tieCount, 'between 300,000 customers');
  const start = performance.now();
  const neighbours = neighboursOf(customers, ties, usualKindWeights, false);
  const { ranks, iterations } = pageRank(neighbours);
  const ranked = performance.now();
  exposureToChurn(neighboursOf(customers, ties, usualKindWeights, true), churned, { withinDays: 90, halfLifeDays: 30 });
  const exposed = performance.now();
  report.row('influence', (ranked - start) / 1000, 'seconds');
  report.row('influence.iterations', iterations, 'of at most 200');
  report.row('exposure', (exposed - ranked) / 1000, 'seconds');
  report.row('memory', process.memoryUsage.rss() / 1e6, 'MB resident');
  const graph = graphOf(neighbours);
  const built = performance.now();
  const theirs = pagerankOfGraphology(graph, { alpha: 0.85, tolerance: 1e-9 / customers, maxIterations: 200, getEdgeWeight: 'weight' });
  const done = performance.now();
  report.row('graphology.build', (built - exposed) / 1000, 'seconds');
  report.row('graphology.influence', (done - built) / 1000, 'seconds');
  report.row('ratio_to_graphology', (ranked - start) / (done - exposed), 'of its time, graph included');
  report.row('greatest_difference', greatestDifference(ranks, theirs), 'ranks, of an average of 1');
  return Promise.resolve();
}

/** A few customers have many ties, as it is among people. */
function madeTies(): Ties {
  const random = createRandom('ties');
  const few = (): number => Math.floor(random.next() ** 3 * customers);
  const each = { length: tieCount };
  return {
    kind: Uint8Array.from(each, () => random.below(tieKinds.length)),
    from: Uint32Array.from(each, few),
    to: Uint32Array.from(each, () => random.below(customers)),
    weight: Float64Array.from(each, () => random.next()),
  };
}

function madeChurn(): Float64Array {
  const random = createRandom('churned');
  return Float64Array.from({ length: customers }, () => (random.chance(0.05) ? random.below(120) : NaN));
}

function graphOf({ starts, others, weights }: Neighbours): DirectedGraph<object, { weight: number }> {
  const graph = new DirectedGraph<object, { weight: number }>();
  for (let customer = 0; customer < customers; customer++) graph.addNode(customer);
  for (let customer = 0; customer < customers; customer++) {
    for (let place = starts[customer] ?? 0; place < (starts[customer + 1] ?? 0); place++)
      graph.addEdge(customer, others[place], { weight: weights[place] ?? 0 });
  }
  return graph;
}

function greatestDifference(ranks: Float64Array, theirs: Readonly<Record<string, number>>): number {
  return ranks.reduce((most, rank, customer) => Math.max(most, Math.abs(rank - (theirs[customer] ?? NaN) * customers)), 0);
}
