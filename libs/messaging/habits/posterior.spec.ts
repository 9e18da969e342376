import fc from 'fast-check';
import { believe, isClearlyHigher, meanOf, type Tally } from './posterior.js';

const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const strength = fc.integer({ min: 1, max: 200 });
const tally = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([sent, share]): Tally => ({ sent, answered: Math.floor(sent * share) }));

describe('the estimate of a rate', () => {
  it('equals the textbook’s: 2 answers of 10, after a prior of 1 in 10', () => {
    expect(believe(0.1, 10, { sent: 10, answered: 2 })).toEqual({ alpha: 3, beta: 17 });
  });

  it('is the population’s without counts', () => {
    fc.assert(
      fc.property(rate, strength, (prior, weight) =>
        expect(meanOf(believe(prior, weight, { sent: 0, answered: 0 }))).toBeCloseTo(prior, 9),
      ),
    );
  });

  it('is between the population’s and the customer’s own, and approaches the own rate', () => {
    fc.assert(
      fc.property(rate, strength, tally, (prior, weight, own) => {
        fc.pre(own.sent > 0);
        const observed = own.answered / own.sent;
        const mean = meanOf(believe(prior, weight, own));
        expect(mean).toBeGreaterThanOrEqual(Math.min(prior, observed) - 1e-9);
        expect(mean).toBeLessThanOrEqual(Math.max(prior, observed) + 1e-9);
        const hundredfold = meanOf(believe(prior, weight, { sent: own.sent * 100, answered: own.answered * 100 }));
        expect(Math.abs(hundredfold - observed)).toBeLessThanOrEqual(Math.abs(mean - observed) + 1e-9);
      }),
    );
  });

  it('rises with an answer and falls with a silence', () => {
    fc.assert(
      fc.property(rate, strength, tally, (prior, weight, own) => {
        const mean = meanOf(believe(prior, weight, own));
        expect(meanOf(believe(prior, weight, { sent: own.sent + 1, answered: own.answered + 1 }))).toBeGreaterThanOrEqual(mean);
        expect(meanOf(believe(prior, weight, { ...own, sent: own.sent + 1 }))).toBeLessThanOrEqual(mean);
      }),
    );
  });

  it('is clearly higher only with enough data, and never in both directions', () => {
    const at = (sent: number, answered: number) => believe(0.1, 20, { sent, answered });
    expect(isClearlyHigher(at(4, 1), at(4, 0))).toBe(false);
    expect(isClearlyHigher(at(400, 100), at(400, 40))).toBe(true);
    fc.assert(
      fc.property(rate, strength, tally, tally, (prior, weight, a, b) => {
        const [one, other] = [believe(prior, weight, a), believe(prior, weight, b)];
        expect(isClearlyHigher(one, other) && isClearlyHigher(other, one)).toBe(false);
      }),
    );
  });
});
