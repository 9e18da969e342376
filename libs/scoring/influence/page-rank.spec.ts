import fc from 'fast-check';
import { DirectedGraph } from 'graphology';
import { pagerank as pagerankOfGraphology } from 'graphology-metrics/centrality/index.js';
import { neighboursOf, usualKindWeights } from './neighbours.js';
import { pageRank } from './page-rank.js';
import { tieKinds } from './ties.js';

const customers = 15;

describe('PageRank', () => {
  it('has the ranks of an independent implementation (graphology), on any ties', () => {
    const tie = fc.record({
      kind: fc.nat({ max: tieKinds.length - 1 }),
      from: fc.nat({ max: customers - 1 }),
      to: fc.nat({ max: customers - 1 }),
      weight: fc.double({ min: 0.1, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(tie, { maxLength: 60 }), (ties) => {
        const neighbours = neighboursOf(
          customers,
          {
            kind: Uint8Array.from(ties, ({ kind }) => kind),
            from: Uint32Array.from(ties, ({ from }) => from),
            to: Uint32Array.from(ties, ({ to }) => to),
            weight: Float64Array.from(ties, ({ weight }) => weight),
          },
          usualKindWeights,
          false,
        );
        const graph = new DirectedGraph<object, { weight: number }>();
        for (let customer = 0; customer < customers; customer++) graph.addNode(customer);
        for (let customer = 0; customer < customers; customer++) {
          for (let place = neighbours.starts[customer] ?? 0; place < (neighbours.starts[customer + 1] ?? 0); place++)
            graph.addEdge(customer, neighbours.others[place], { weight: neighbours.weights[place] ?? 0 });
        }
        const theirs = pagerankOfGraphology(graph, { alpha: 0.85, tolerance: 1e-12, maxIterations: 1000, getEdgeWeight: 'weight' });
        const { ranks, converged } = pageRank(neighbours);
        expect(converged).toBe(true);
        ranks.forEach((rank, customer) => {
          expect(Math.abs(rank - (theirs[customer] ?? NaN) * customers)).toBeLessThan(1e-7);
        });
      }),
    );
  });
});
