import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { proofOf, whyNotUsed } from './gate.js';
import { auc, midranks } from './metrics.js';

/** Customers of whom 30% churned. The likelihood depends on the outcome by `strength`; the rest is random. */
function model(seed: string, count: number, strength: number): { likelihoods: number[]; labels: Uint8Array } {
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: count }, () => (random.chance(0.3) ? 1 : 0));
  const likelihoods = Array.from(labels, (label) =>
    Math.min(0.95, Math.max(0.05, 0.3 + strength * (label - 0.3) + 0.1 * (random.next() - 0.5))),
  );
  return { likelihoods, labels };
}

describe('the gate of a model', () => {
  it('accepts a model that predicts', () => {
    const { likelihoods, labels } = model('good', 400, 0.2);
    expect(whyNotUsed(proofOf(likelihoods, labels, 0.3))).toEqual([]);
  });

  it('refuses a model that does not, nearly always', () => {
    const passed = Array.from({ length: 300 }, (_, seed) => model(`chance-${seed}`, 300, 0)).filter(
      ({ likelihoods, labels }) => whyNotUsed(proofOf(likelihoods, labels, 0.3)).length === 0,
    );
    expect(passed.length).toBeLessThanOrEqual(4);
  });

  it('refuses a model that ranks well and whose likelihoods are far too high', () => {
    const { likelihoods, labels } = model('good', 400, 0.2);
    const extreme = likelihoods.map((likelihood) => (likelihood > 0.3 ? 0.999_999 : 0.000_001));
    expect(
      whyNotUsed(
        proofOf(
          extreme.map((value, index) => (index % 5 === 0 ? 1 - value : value)),
          labels,
          0.3,
        ),
      ).join(),
    ).toMatch(/base rate/);
  });

  it.each([
    ['nobody', [], []],
    ['one customer', [0.4], [1]],
    ['a single outcome', [0.4, 0.3, 0.2], [0, 0, 0]],
    ['the same likelihood for all', [0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1]],
  ])('refuses a model that was measured on %s', (_, likelihoods, labels) => {
    expect(whyNotUsed(proofOf(likelihoods, Uint8Array.from(labels), 0.3))).not.toEqual([]);
  });

  it('measures the usual area under the curve, within its interval', () => {
    const examples = fc.array(fc.tuple(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.constantFrom(0, 1)), {
      minLength: 8,
      maxLength: 60,
    });
    fc.assert(
      fc.property(examples, (rows) => {
        const likelihoods = rows.map(([likelihood]) => likelihood);
        const labels = Uint8Array.from(rows, ([, label]) => label);
        const happened = labels.reduce((sum, label) => sum + label, 0);
        fc.pre(happened >= 2 && labels.length - happened >= 2);
        const proof = proofOf(likelihoods, labels, 0.5);
        expect(proof.auc.value).toBeCloseTo(auc(likelihoods, labels), 9);
        expect(proof.auc.low).toBeLessThanOrEqual(proof.auc.value);
      }),
    );
  });

  it('gives the same values the middle of their ranks', () => {
    expect([...midranks([0.2, 0.5, 0.2, 0.9])]).toEqual([1.5, 3, 1.5, 4]);
  });
});
