import fc from 'fast-check';
import { rateAxis } from './rate-axis.js';

describe('rateAxis', () => {
  it('spans the shares in whole steps', () => {
    expect(rateAxis([0.896, 0.926, 0.763, 0.883]).ticks).toEqual([0.75, 0.8, 0.85, 0.9, 0.95]);
  });

  it('contains every share, with few ticks', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 4 }), (shares) => {
        const { low, high, ticks } = rateAxis(shares);
        const near = 1e-6;
        expect(low).toBeLessThanOrEqual(Math.min(...shares) + near);
        expect(high).toBeGreaterThanOrEqual(Math.max(...shares) - near);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
