import { shareAxis, valueAxis } from './axes.js';

it.each([
  [[0.03], 0.03, ['0%', '1%', '2%', '3%']],
  [[0.2, 0.61], 0.8, ['0%', '20%', '40%', '60%', '80%']],
  [[1], 1, ['0%', '20%', '40%', '60%', '80%', '100%']],
  [[], 0.01, ['0%', '1%']],
])('shares of at most %j need an axis up to %d', (shares, high, ticks) => {
  const axis = shareAxis('', shares);
  expect(axis.high).toBeCloseTo(high, 9);
  expect(axis.ticks.map(({ text }) => text)).toEqual(ticks);
});

it('names the ends and the middle of values, and one value once', () => {
  expect(valueAxis('', [0, 72, 10]).ticks.map(({ at }) => at)).toEqual([0, 36, 72]);
  expect(valueAxis('', [5]).ticks.map(({ at }) => at)).toEqual([5]);
});
