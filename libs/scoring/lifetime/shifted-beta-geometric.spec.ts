import fc from 'fast-check';
import { discountOfPeriod, remainingMargin, remainingPeriods } from './remaining-value.js';
import { fitShiftedBetaGeometric, hazardOfCohort, residualLifetime, retention, survival } from './shifted-beta-geometric.js';

/** Fader and Hardie 2007, table 1: customers of 1,000 after each year. The models are fitted to the first seven. */
const regular = [1000, 631, 468, 382, 326, 289, 262, 241];
const highEnd = [1000, 869, 743, 653, 593, 551, 517, 491];

const model = fc.record({ alpha: fc.double({ min: 0.1, max: 5, noNaN: true }), beta: fc.double({ min: 0.1, max: 10, noNaN: true }) });

describe('the shifted-beta-geometric model', () => {
  it('finds the published parameters', () => {
    const one = fitShiftedBetaGeometric([regular]).parameters;
    expect(one.alpha).toBeCloseTo(0.7041, 3);
    expect(one.beta).toBeCloseTo(1.182, 3);
    const other = fitShiftedBetaGeometric([highEnd]).parameters;
    expect(other.alpha).toBeCloseTo(0.6681, 3);
    expect(other.beta).toBeCloseTo(3.8061, 3);
  });

  it('predicts the five years that it has not seen, to two customers in a hundred', () => {
    const { parameters } = fitShiftedBetaGeometric([highEnd]);
    [468, 445, 427, 409, 394].forEach((there, year) => {
      expect(Math.abs(1000 * survival(parameters, 8 + year) - there)).toBeLessThan(20);
    });
  });

  it('learns the same from shares as from counts, and from a cohort in two halves', () => {
    const whole = fitShiftedBetaGeometric([highEnd]).parameters;
    const shares = fitShiftedBetaGeometric([highEnd.map((count) => count / 1000)]).parameters;
    const halves = fitShiftedBetaGeometric([highEnd.map((count) => count / 2), highEnd.map((count) => count / 2)]).parameters;
    for (const each of [shares, halves]) {
      expect(each.alpha).toBeCloseTo(whole.alpha, 3);
      expect(each.beta).toBeCloseTo(whole.beta, 2);
    }
  });

  it('has a survival that is the product of its retentions, which rise', () => {
    fc.assert(
      fc.property(model, fc.integer({ min: 1, max: 40 }), (each, periods) => {
        let product = 1;
        for (let period = 1; period <= periods; period++) product *= retention(each, period);
        expect(survival(each, periods)).toBeCloseTo(product, 10);
        expect(retention(each, periods + 1)).toBeGreaterThan(retention(each, periods));
      }),
    );
  });

  it('has the published residual lifetime, and the one that adding it up gives', () => {
    expect(residualLifetime({ alpha: 0.6681, beta: 3.8061 }, 8, 0.1)).toBeCloseTo(7.53, 3);
    fc.assert(
      fc.property(model, fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.05, max: 1, noNaN: true }), (each, period, discount) => {
        const added = remainingPeriods(hazardOfCohort(each), period, { discount, horizon: 1000 });
        expect(residualLifetime(each, period, discount)).toBeCloseTo(added, 8);
      }),
    );
  });

  it.each([
    [[100, 80, 90], /Cohort 0 has 90 customers after period 2, and 80 before/],
    [[100, 100, 100], /Nobody has left/],
    [[100, 0, 0], /Nobody has stayed/],
  ])('refuses %j', (cohort, why) => {
    expect(() => fitShiftedBetaGeometric([cohort])).toThrow(why);
  });

  it('gives no residual lifetime without a discount', () => {
    expect(() => residualLifetime({ alpha: 0.7, beta: 1.2 }, 1, 0)).toThrow(/discount/);
  });
});

describe('what remains of a contract', () => {
  it('is in whole minor units, discounted from the second renewal on', () => {
    expect(remainingMargin(() => 0.5, 1, { marginPerPeriod: 1001, discount: 0.25, horizon: 2 })).toBe(
      Math.round(1001 * (0.5 + 0.25 / 1.25)),
    );
    expect(remainingMargin(() => 1, 1, { marginPerPeriod: 1001, discount: 0, horizon: 12 })).toBe(0);
  });

  it('takes a yearly discount by the month', () => {
    expect((1 + discountOfPeriod(0.1, 12)) ** 12).toBeCloseTo(1.1, 12);
  });
});
