import { createRandom } from '../../platform/random.js';
import { fitHazard, hazardOfCustomer, type ContractHistories } from './hazard.js';
import { remainingPeriods } from './remaining-value.js';

/** Contracts of two groups: the second leaves three times as often, everybody half as often after the first period. */
function contracts(count: number): ContractHistories {
  const random = createRandom('contracts');
  const group = Float64Array.from({ length: count }, () => random.below(2));
  const through = new Uint32Array(count);
  const left = new Uint8Array(count);
  group.forEach((each, customer) => {
    const seen = 1 + random.below(12);
    let period = 1;
    while (!random.chance(hazard(each, period)) && period < seen) period++;
    through[customer] = period;
    left[customer] = period < seen || random.chance(hazard(each, period)) ? 1 : 0;
  });
  return { covariates: { rows: count, columns: 1, values: group }, from: new Uint32Array(count).fill(1), through, left };
}
const hazard = (group: number, period: number): number => (0.05 + 0.1 * group) * (period === 1 ? 2 : 1);

describe('the hazard of a contract', () => {
  it('is found again, by period and by what is known of the customer', () => {
    const model = fitHazard(contracts(20_000), 1);
    for (const group of [0, 1]) {
      for (const period of [1, 3, 6, 10]) {
        expect(Math.abs(hazardOfCustomer(model, [group])(period) - hazard(group, period))).toBeLessThan(0.05);
      }
    }
  });

  it('leaves less time to who leaves more often', () => {
    const model = fitHazard(contracts(5000), 1);
    const [loyal, other] = [0, 1].map((group) => remainingPeriods(hazardOfCustomer(model, [group]), 4, { discount: 0.01, horizon: 24 }));
    expect(loyal).toBeGreaterThan((other ?? NaN) * 1.5);
  });

  it('stays beyond the last period that was seen as it was there', () => {
    const by = hazardOfCustomer(fitHazard(contracts(5000), 1), [1]);
    expect(by(500)).toBe(by(12));
  });

  it('counts for those who came late only the periods in which they were seen', () => {
    const all = contracts(4000);
    const late = { ...all, from: all.through };
    // Each is seen in one period only, and most of them leave in it: without the others the hazard is high.
    expect(hazardOfCustomer(fitHazard(late, 1), [0])(3)).toBeGreaterThan(2 * hazardOfCustomer(fitHazard(all, 1), [0])(3));
  });

  it('cannot be learnt where nobody has left', () => {
    const all = contracts(50);
    expect(() => fitHazard({ ...all, left: new Uint8Array(50) }, 1)).toThrow(/Nobody has left/);
  });
});
