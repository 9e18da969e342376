import fc from 'fast-check';
import { chooseTrial } from './choose.js';
import { forwardSplits, stratifiedFolds, testedRows } from './splits.js';

describe('stratified folds', () => {
  it('test each row once, with as many of each outcome in each fold as can be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 2, max: 6 }),
        fc.string(),
        (outcomes, count, seed) => {
          const labels = Uint8Array.from(outcomes, Number);
          const folds = stratifiedFolds(labels, count, seed);
          expect([...testedRows(folds)]).toEqual([...labels.keys()]);
          expect(folds.reduce((sum, { test }) => sum + test.length, 0)).toBe(labels.length);
          const happened = folds.map(({ test }) => test.reduce((sum, row) => sum + (labels[row] ?? 0), 0));
          expect(Math.max(...happened) - Math.min(...happened)).toBeLessThanOrEqual(1);
          folds.forEach(({ learn, test }) => expect(new Set([...learn, ...test]).size).toBe(labels.length));
        },
      ),
    );
  });

  it('are dealt by the seed', () => {
    const labels = Uint8Array.from({ length: 50 }, (_, row) => row % 2);
    expect(stratifiedFolds(labels, 5, 'a')).toEqual(stratifiedFolds(labels, 5, 'a'));
    expect(stratifiedFolds(labels, 5, 'a')).not.toEqual(stratifiedFolds(labels, 5, 'b'));
  });
});

describe('splits forward in time', () => {
  it('never learn from what came with or after what they test', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (times, count) => {
          for (const { learn, test } of forwardSplits(times, count)) {
            const latest = Math.max(...[...learn].map((row) => times[row] ?? 0));
            expect([...test].every((row) => (times[row] ?? 0) > latest)).toBe(true);
          }
        },
      ),
    );
  });

  it('divide time into parts of about the same size', () => {
    const splits = forwardSplits(
      Array.from({ length: 100 }, (_, row) => row),
      4,
    );
    expect(splits.map(({ learn, test }) => [learn.length, test.length])).toEqual([
      [20, 20],
      [40, 20],
      [60, 20],
      [80, 20],
    ]);
  });
});

describe('the choice of a trial', () => {
  const labels = Uint8Array.from({ length: 400 }, (_, row) => row % 2);
  const trial = (name: string, right: (row: number) => number) => ({
    name,
    logOdds: Float64Array.from(labels, (label, row) => (label === 1 ? 1 : -1) * right(row)),
  });

  it('takes the best where it is clearly better', () => {
    const { chosen, because } = chooseTrial([trial('simple', () => 0.5), trial('best', (row) => 2 + (row % 5) / 10)], labels);
    expect(chosen.name).toBe('best');
    expect(because).toMatch(/^best has the lowest log-loss/);
  });

  it('takes the simplest within a standard error of the best', () => {
    const { chosen, figures, because } = chooseTrial(
      [trial('simple', (row) => (row % 4 < 2 ? 1 : 1.2)), trial('best', (row) => (row % 4 < 2 ? 1.3 : 0.93))],
      labels,
    );
    expect(figures[0]?.above).toBeGreaterThan(0);
    expect(chosen.name).toBe('simple');
    expect(because).toMatch(/simplest within one standard error/);
  });

  it('leaves out rows that were not tested', () => {
    const some = trial('some', () => 1);
    some.logOdds[7] = NaN;
    expect(chooseTrial([some], labels).figures[0]?.logLoss.value).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
    expect(() => chooseTrial([], labels)).toThrow(RangeError);
  });
});
