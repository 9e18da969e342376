import { barLengths, effectText, oddsText, reasonText, valueText } from './reason-words.js';

it.each([
  [true, 'yes'],
  [false, 'no'],
  [null, 'not known'],
  ['', 'not known'],
  ['month-to-month', 'month to month'],
  ['2026-03-02', '2026-03-02'],
  [12.345, '12.35'],
])('%j is said as %s', (value, said) => {
  expect(valueText(value)).toBe(said);
});

it('says what the score looked at by its title, and by its name where it has none', () => {
  const titles = { contract: 'How long the customer is bound' };
  expect(reasonText({ feature: 'contract', value: 'two-year', contribution: -1 }, titles)).toBe('How long the customer is bound: two year');
  expect(reasonText({ feature: 'failed_payments', value: 2, contribution: 1 }, titles)).toBe('Failed payments: 2');
});

it.each([
  [1.2, 'raises it strongly', '× 3.3'],
  [0.5, 'raises it clearly', '× 1.6'],
  [-0.1, 'lowers it slightly', '÷ 1.1'],
  [-2, 'lowers it strongly', '÷ 7.4'],
])('a contribution of %d %s (%s)', (contribution, effect, odds) => {
  expect([effectText(contribution), oddsText(contribution)]).toEqual([effect, odds]);
});

it('lets the strongest reason take the whole of its side, unless all are weak', () => {
  expect(barLengths([2, -1])).toEqual([1, 0.5]);
  expect(barLengths([0.1, -0.05])).toEqual([0.2, 0.1]);
  expect(barLengths([])).toEqual([]);
});
