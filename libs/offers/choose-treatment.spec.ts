import fc from 'fast-check';
import { treatment } from '../../test/harness/definitions.js';
import { chooseTreatment, nothing, type Option, type Situation } from './choose-treatment.js';
import { costOf, statedEconomics } from '../treatments/economics.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';

const atRisk: Situation = { churn: 0.7, monthlyCharge: 3_000, currency: 'EUR' };
const eligible = (definition: TreatmentDefinition): Option => ({ treatment: definition, eligible: true });

const share = fc.double({ min: 0, max: 1, noNaN: true });
const definitions = fc.record({
  treatment: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  cost: fc.oneof(
    fc.integer({ min: 0, max: 200 }).map((euros) => ({ fixed: `${String(euros)} EUR` })),
    fc.record({ percentOfMonthlyCharge: fc.integer({ min: 1, max: 100 }), months: fc.integer({ min: 1, max: 12 }) }),
  ),
  prior: fc.record({ acceptance: share, uplift: share }),
});
const option = fc
  .record({ parts: definitions, eligible: fc.boolean() })
  .map(({ parts, eligible: holds }): Option => ({ treatment: treatment(parts), eligible: holds }));
const options = fc.uniqueArray(option, { selector: (each) => each.treatment.treatment, maxLength: 6 });
const situations = fc.record({
  churn: fc.option(share),
  monthlyCharge: fc.integer({ min: 0, max: 20_000 }),
  currency: fc.constant('EUR'),
});

const bestOf = (from: readonly Option[], situation: Situation): number =>
  chooseTreatment(from, situation, statedEconomics).paying[0]?.value ?? 0;

describe('chooseTreatment', () => {
  it('values by uplift x churn x a year of margin, less expected cost and contact', () => {
    const choice = chooseTreatment([eligible(treatment())], atRisk, statedEconomics);
    // 0.2 x 0.7 x (3000 x 12 x 0.6) - 0.3 x 1200 - 5
    expect(choice.paying).toEqual([{ treatment: treatment(), value: 2_659, cost: 1_200 }]);
    expect(choice.candidates[0]).toEqual({
      key: 'bill-credit-10',
      eligible: true,
      value: 2_659,
      reasons: ['pays', 'expected to keep €30.24, to cost €3.60, to send for €0.05'],
    });
  });

  it('always has `nothing` as a candidate, worth 0', () => {
    fc.assert(
      fc.property(options, situations, (from, situation) => {
        const { candidates } = chooseTreatment(from, situation, statedEconomics);
        expect(candidates).toHaveLength(from.length + 1);
        expect(candidates.at(-1)).toMatchObject({ key: nothing, eligible: true, value: 0 });
      }),
    );
  });

  it('never chooses one whose rule does not hold, or that is worth 0 or less', () => {
    fc.assert(
      fc.property(options, situations, (from, situation) => {
        for (const each of chooseTreatment(from, situation, statedEconomics).paying) {
          expect(from.find((one) => one.treatment === each.treatment)?.eligible).toBe(true);
          expect(each.value).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('ranks the best first, and gives the reason if there is none', () => {
    fc.assert(
      fc.property(options, situations, (from, situation) => {
        const { paying, whyNothing, candidates } = chooseTreatment(from, situation, statedEconomics);
        expect(paying[0]?.value ?? 0).toBe(Math.max(...candidates.map((each) => each.value ?? 0)));
        expect(paying.map((each) => each.value)).toEqual(paying.map((each) => each.value).sort((a, b) => b - a));
        expect(whyNothing === null).toBe(paying.length > 0);
      }),
    );
  });

  it('does not get worse with one more option', () => {
    fc.assert(
      fc.property(options, option, situations, (from, more, situation) => {
        expect(bestOf([...from, more], situation)).toBeGreaterThanOrEqual(bestOf(from, situation));
      }),
    );
  });

  it('does not depend on the order of the options, ties included', () => {
    const shuffled = options.chain((from) => fc.tuple(fc.constant(from), fc.shuffledSubarray(from, { minLength: from.length })));
    fc.assert(
      fc.property(shuffled, situations, ([from, other], situation) => {
        expect(chooseTreatment(other, situation, statedEconomics).paying).toEqual(chooseTreatment(from, situation, statedEconomics).paying);
      }),
    );
  });

  it('breaks ties by the lower cost, then by name', () => {
    const free = { prior: { acceptance: 0, uplift: 0.2 } };
    const from = [
      treatment({ ...free, treatment: 'expensive', cost: { fixed: '20 EUR' } }),
      treatment({ ...free, treatment: 'b', cost: { fixed: '10 EUR' } }),
      treatment({ ...free, treatment: 'a', cost: { fixed: '10 EUR' } }),
    ];
    const { paying } = chooseTreatment(from.map(eligible), atRisk, statedEconomics);
    expect(paying.map((each) => each.treatment.treatment)).toEqual(['a', 'b', 'expensive']);
  });

  it('gives n times the value to a customer with n times the charge, at n times the cost', () => {
    const euros = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        euros,
        euros,
        fc.record({ acceptance: share, uplift: share }),
        fc.integer({ min: 2, max: 9 }),
        (charge, cost, prior, n) => {
          const value = (times: number): number => {
            const one = treatment({ cost: { fixed: `${String(cost * times)} EUR` }, prior });
            const economics = { ...statedEconomics, contactCost: statedEconomics.contactCost * times };
            const situation = { churn: 0.5, monthlyCharge: charge * 100 * times, currency: 'EUR' };
            return chooseTreatment([eligible(one)], situation, economics).candidates[0]?.value ?? NaN;
          };
          // Each value is rounded once.
          expect(Math.abs(value(n) - n * value(1))).toBeLessThanOrEqual((n + 1) / 2);
        },
      ),
    );
  });

  it('is worth more for a customer who is more likely to churn', () => {
    fc.assert(
      fc.property(option, share, share, (one, a, b) => {
        const at = (churn: number): number => bestOf([one], { ...atRisk, churn });
        expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)));
      }),
    );
  });

  it.each([
    ['no-score', { ...atRisk, churn: null }, eligible(treatment())],
    ['not-eligible', atRisk, { treatment: treatment(), eligible: false }],
    ['nothing-pays', { ...atRisk, churn: 0.01 }, eligible(treatment())],
  ] as const)('chooses nothing: %s', (why, situation, one) => {
    expect(chooseTreatment([one], situation, statedEconomics)).toMatchObject({ paying: [], whyNothing: why });
  });

  it('does not compare amounts of two currencies', () => {
    const dollars = eligible(treatment({ cost: { fixed: '12 USD' } }));
    expect(chooseTreatment([dollars], atRisk, statedEconomics)).toMatchObject({
      paying: [],
      candidates: [{ eligible: false, value: null, reasons: ['other-currency'] }, { key: nothing }],
    });
  });
});

describe('a customer without a monthly charge', () => {
  const uncharged: Situation = { churn: 0.7, monthlyCharge: null, currency: 'EUR' };

  it('is worth what the treatment states', () => {
    const stated = treatment({ customerValue: '216 EUR' });
    const { paying, candidates } = chooseTreatment([eligible(stated)], uncharged, statedEconomics);
    // 0.2 x 0.7 x 21600 - 0.3 x 1200 - 5, as for a charge of 30 EUR a month.
    expect(paying).toEqual([{ treatment: stated, value: 2_659, cost: 1_200 }]);
    expect(candidates[0]?.reasons[0]).toBe('pays');
  });

  it.each([
    ['nothing is stated', treatment(), 'no-charge'],
    [
      'the cost is a share of the charge',
      treatment({ customerValue: '216 EUR', cost: { percentOfMonthlyCharge: 15, months: 3 } }),
      'no-charge',
    ],
    ['the value is stated in another currency', treatment({ customerValue: '216 USD' }), 'other-currency'],
  ])('gets no treatment, with a reason in the decision, if %s', (_, given, reason) => {
    expect(chooseTreatment([eligible(given)], uncharged, statedEconomics)).toMatchObject({
      paying: [],
      candidates: [{ eligible: false, value: null, reasons: [reason] }, { key: nothing }],
      whyNothing: reason === 'no-charge' ? 'no-charge' : 'nothing-pays',
    });
  });

  it('reports the missing score first, if both are missing', () => {
    expect(chooseTreatment([eligible(treatment())], { ...uncharged, churn: null }, statedEconomics).whyNothing).toBe('no-score');
  });
});

describe('a currency without hundredths', () => {
  it('is calculated and written in its own units', () => {
    const yen = treatment({ cost: { fixed: '1200 JPY' } });
    const { paying, candidates } = chooseTreatment([eligible(yen)], { churn: 0.7, monthlyCharge: 3_000, currency: 'JPY' }, statedEconomics);
    expect(paying[0]).toMatchObject({ value: 2_659, cost: 1_200 });
    expect(candidates[0]?.reasons[1]).toBe('expected to keep ¥3,024, to cost ¥360, to send for ¥5');
  });
});

describe('costOf', () => {
  it('costs a share of the charge for some months, rounded up', () => {
    const discount = treatment({ cost: { percentOfMonthlyCharge: 15, months: 3 } });
    expect(costOf(discount, 2_985, 'EUR')).toBe(1_344);
  });
});
