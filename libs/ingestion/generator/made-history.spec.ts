import { makeHistory, type Lived } from './made-history.js';

const customer = (index: number, more: Partial<Lived> = {}): Lived => ({
  externalId: `c-${String(index)}`,
  tenure: 40,
  monthlyCharge: 50,
  paysByHand: index % 2 === 0,
  ...more,
});
const everybody = Array.from({ length: 2000 }, (_, index) => makeHistory('seed', customer(index)));
const count = (kind: string): number => everybody.flat().filter((event) => event.kind === kind).length;

describe('a made-up year', () => {
  it('is the same for the same seed and customer, and another for others', () => {
    expect(makeHistory('seed', customer(1))).toEqual(everybody[1]);
    expect(makeHistory('other', customer(1))).not.toEqual(everybody[1]);
    expect(everybody[2]).not.toEqual(everybody[1]);
  });

  it('lies in the past, within a year or the time that they have been here', () => {
    for (const { daysAgo } of everybody.flat()) expect(daysAgo > 0 && daysAgo <= 360).toBe(true);
    for (const { daysAgo } of makeHistory('seed', customer(1, { tenure: 2 }))) expect(daysAgo).toBeLessThanOrEqual(60);
    expect(makeHistory('seed', customer(1, { tenure: 0 })).length).toBeGreaterThan(0);
  });

  it('has a use and a payment each month, and of each outcome enough to learn from', () => {
    expect(count('usage')).toBe(2000 * 12);
    expect(count('payment.received') + count('payment.failed')).toBe(2000 * 12);
    for (const kind of ['plan.upgraded', 'product.added', 'payment.defaulted']) {
      expect(count(kind)).toBeGreaterThan(200);
      expect(count(kind)).toBeLessThan(2000);
    }
  });
});
