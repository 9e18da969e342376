import fc from 'fast-check';
import { shapleyOfThree } from './shapley.js';

it('three causes add up to the value, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 8, maxLength: 8 }), (values) => {
      const value = (a: boolean, b: boolean, c: boolean): number => values[Number(a) + 2 * Number(b) + 4 * Number(c)] ?? NaN;
      const [a, b, c] = shapleyOfThree(value);
      expect(a + b + c).toBeCloseTo(value(true, true, true) - value(false, false, false), 6);
    }),
  );
});

it('a cause that changes nothing adds nothing, and two that do the same add the same', () => {
  const [first, second, third] = shapleyOfThree((a, b) => (a ? 2 : 1) * (b ? 2 : 1));
  expect(third).toBeCloseTo(0, 12);
  expect(first).toBeCloseTo(second, 12);
  expect(first + second).toBeCloseTo(3, 12);
});
