import { numbersIn, requestsFor } from './enrolment-words.js';

describe('numbersIn', () => {
  it.each([
    ['A-1\nA-2\r\nA-1\n\n', ['A-1', 'A-2']],
    ['\uFEFFexternal_id;name\n"A-1";Ada\nA-2;Cem', ['A-1', 'A-2']],
    [' A-1 \t x\nid', ['A-1', 'id']],
    ["'+4477\nA-\u200b1\nA-1\n\u00a0A-2\u00ad", ['+4477', 'A-1', 'A-2']],
    ['', []],
  ])('finds the numbers of %j', (text, numbers) => {
    expect(numbersIn(text)).toEqual(numbers);
  });
});

it('sends numbers a thousand at a time', () => {
  const numbers = Array.from({ length: 2_500 }, (_, n) => `n${String(n)}`).join('\n');
  const sizes = requestsFor({ by: 'numbers', numbers, rule: '' }).map(({ externalIds }) => (externalIds as string[]).length);
  expect(sizes).toEqual([1_000, 1_000, 500]);
});
