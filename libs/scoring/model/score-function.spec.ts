import { createRandom } from '../../platform/random.js';
import type { FeatureRow } from './features.js';
import { averageLogOdds, readScoreFunction, scoreRows, trainScoreFunction } from './score-function.js';

const features = {
  tenure: { type: 'number', knots: 4, logarithm: true },
  contract: { type: 'category', same: { monthly: 'month-to-month' } },
  senior: { type: 'flag' },
} as const;

function history(count: number) {
  const random = createRandom('history');
  const rows: FeatureRow[] = Array.from({ length: count }, () => ({
    tenure: random.below(70),
    contract: random.pick(['month-to-month', 'one-year', 'two-year']),
    senior: random.chance(0.2),
  }));
  const labels = Uint8Array.from(rows, (row) => (random.chance(row['contract'] === 'month-to-month' ? 0.5 : 0.1) ? 1 : 0));
  return { rows, labels };
}

const declared = { features, l2: 1 };
const model = trainScoreFunction(declared, history(2000), 'a');
const logOdds = (value: number): number => Math.log(value / (1 - value));

describe('a score', () => {
  it('is the average plus the contribution of each feature', () => {
    for (const { value, reasons } of scoreRows(model, history(50).rows, 99)) {
      const sum = reasons.reduce((total, reason) => total + reason.contribution, averageLogOdds(model));
      expect(sum).toBeCloseTo(logOdds(value), 3);
    }
  });

  it('gives the strongest reasons first, and only the requested number', () => {
    const [scored] = scoreRows(model, [{ tenure: 20, contract: 'month-to-month', senior: false }], 2);
    expect(scored?.reasons).toHaveLength(2);
    expect(scored?.reasons[0]).toMatchObject({ feature: 'contract', value: 'month-to-month' });
    expect(scored?.reasons[0]?.contribution).toBeGreaterThan(0.5);
  });

  it('is the average if nothing is known, and then gives no reason', () => {
    const [nothing, strange] = scoreRows(model, [{}, { tenure: null, contract: 'for-ever', senior: 'perhaps' }], 9);
    expect(nothing?.reasons).toEqual([]);
    expect(logOdds(nothing?.value ?? 0)).toBeCloseTo(averageLogOdds(model), 10);
    expect(strange).toEqual(nothing);
  });

  it('treats values with the same meaning as equal', () => {
    const [one, other] = scoreRows(model, [{ contract: 'monthly' }, { contract: 'month-to-month' }], 0);
    expect(one).toEqual(other);
  });

  it('is the same after it was stored', () => {
    const stored = readScoreFunction(JSON.parse(JSON.stringify(model)));
    const { rows } = history(20);
    expect(scoreRows(stored, rows, 3)).toEqual(scoreRows(model, rows, 3));
  });

  it('is learnt in the same way from the same seed', () => {
    expect(trainScoreFunction(declared, history(500), 'a')).toEqual(trainScoreFunction(declared, history(500), 'a'));
  });
});
