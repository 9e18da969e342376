import { createRandom } from '../../../platform/random.js';
import { looksLikeDate, looksLikeIdentifier } from './disguises.js';
import { whyNotLearnable } from './outcome.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a date in disguise', () => {
  it.each([['2026-01-31'], ['2026-01-31T10:00:00Z'], ['31.01.2026'], ['1/31/26'], ['2026/1/3']])('is %s', (text) => {
    expect(looksLikeDate([text, text, null])).toBe(true);
  });

  it.each([['1.5'], ['month-to-month'], ['12-month'], ['10.0.0.1']])('is not %s', (text) => {
    expect(looksLikeDate([text])).toBe(false);
  });

  it('needs nearly all values', () => {
    expect(looksLikeDate(['2026-01-31', 'soon'])).toBe(false);
    expect(looksLikeDate([null, 5])).toBe(false);
  });
});

describe('an identifier in disguise', () => {
  const random = createRandom('identifiers');

  it('is a text of each customer', () => {
    expect(looksLikeIdentifier('whatever', upTo(100).map((index) => `K${index * 7}`))).toBe(true);
    expect(looksLikeIdentifier('city', upTo(100).map(() => random.pick(['Bern', 'Basel', 'Genf'])))).toBe(false);
  });

  it('is a whole number that is never there twice, where chance would repeat it', () => {
    expect(looksLikeIdentifier('row', upTo(200).map((index) => 10_001 + index * 3))).toBe(true);
    expect(looksLikeIdentifier('usage', upTo(1000).map(() => random.below(10_000)))).toBe(false);
    expect(looksLikeIdentifier('charges', upTo(1000).map(() => random.next() * 100))).toBe(false);
  });

  it('is a different whole number with the name of one, however far apart', () => {
    const apart = upTo(100).map((index) => index * 7_000_003);
    expect(looksLikeIdentifier('customer_id', apart)).toBe(true);
    expect(looksLikeIdentifier('customerId', apart)).toBe(true);
    expect(looksLikeIdentifier('total_bytes', apart)).toBe(false);
  });

  it('is not seen in twelve rows', () => {
    expect(looksLikeIdentifier('name', upTo(12).map(String))).toBe(false);
  });
});

describe('outcomes', () => {
  const labels = (happened: number, not: number): Uint8Array => Uint8Array.from({ length: happened + not }, (_, row) => (row < happened ? 1 : 0));

  it.each([
    ['nobody', labels(0, 0), 'There are no customers to learn from'],
    ['none of them', labels(0, 12), 'It happened to none of the 12 customers, so there is no difference to learn'],
    ['all of them', labels(12, 0), 'It happened to all 12 customers, so there is no difference to learn'],
    ['five', labels(5, 900), 'It happened to 5 of 905 customers: at least 50 to whom it happened, and 50 to whom it did not, are needed'],
    ['enough', labels(50, 50), undefined],
  ])('of %s', (_, given, said) => {
    expect(whyNotLearnable(given)).toBe(said);
  });
});
