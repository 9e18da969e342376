import fc from 'fast-check';
import { createRandom } from './random.js';

describe('seeded random numbers', () => {
  it('are the same for the same seed, and different for another seed', () => {
    const draw = (seed: string): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('stays within its limits', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
        const drawn = createRandom(seed).below(limit);
        return Number.isInteger(drawn) && drawn >= 0 && drawn < limit;
      }),
    );
  });

  it('is as likely as the weights say', () => {
    const random = createRandom('weights');
    const sides = [
      { side: 'heads', weight: 3 },
      { side: 'tails', weight: 1 },
    ];
    const heads = Array.from({ length: 10_000 }, () => random.weighted(sides).side).filter((side) => side === 'heads').length;
    expect(heads).toBeGreaterThan(7300);
    expect(heads).toBeLessThan(7700);
  });

  it('refuses to choose from nothing', () => {
    expect(() => createRandom('x').pick([])).toThrow(RangeError);
  });
});
