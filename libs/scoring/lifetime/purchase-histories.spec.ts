import { purchaseHistories, spaced } from './purchase-histories.js';

describe('histories of purchases', () => {
  const purchases = (...all: readonly (readonly [customer: number, day: number, amount: number])[]) => ({
    customer: Uint32Array.from(all, ([customer]) => customer),
    day: Int32Array.from(all, ([, day]) => day),
    amount: Float64Array.from(all, ([, , amount]) => amount),
  });

  it('count days after the first, in any order, and what was spent on them', () => {
    const seen = purchaseHistories(purchases([1, 35, 500], [0, 7, 100], [1, 0, 900], [1, 14, 200], [1, 14, 100], [1, 77, 1]), 2, 70, 7);
    expect([...seen.frequency]).toEqual([0, 2]);
    expect([...seen.recency]).toEqual([0, 5]);
    expect([...seen.age]).toEqual([9, 10]);
    expect([...seen.meanAmount]).toEqual([0, 400]);
  });

  it('know nothing of who bought later', () => {
    const seen = purchaseHistories(purchases([0, 80, 100]), 1, 70, 7);
    expect([seen.frequency[0], seen.recency[0], seen.age[0]]).toEqual([0, 0, 0]);
  });

  it('can be thinned evenly, all arrays alike', () => {
    const numbers = Float64Array.from({ length: 10 }, (_, index) => index);
    const thin = spaced({ frequency: numbers, recency: numbers, age: numbers, meanAmount: numbers }, 4);
    for (const each of Object.values<Float64Array>({ ...thin })) expect([...each]).toEqual([0, 2, 5, 7]);
    expect(spaced({ ...thin }, 4).frequency).toHaveLength(4);
  });
});
