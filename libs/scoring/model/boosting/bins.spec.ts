import fc from 'fast-check';
import { categoryColumn, dataMatrix, numberColumn } from '../data/data-matrix.js';
import { binCount, binRows, fitBins } from './bins.js';

const numbers = (values: readonly (number | null)[]) => dataMatrix([numberColumn('x', values)]);

describe('bins', () => {
  it('put each number into the bin that its cuts say, however the cuts lie', () => {
    const value = fc.oneof(
      fc.double({ noDefaultInfinity: true }),
      fc.integer({ min: -5, max: 5 }),
      fc.constant(1e308),
      fc.constant(-1e308),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.array(value, { maxLength: 20 }), (learnt, others) => {
        const bins = fitBins(numbers(learnt), 16);
        const cuts = bins[0]?.type === 'number' ? bins[0].cuts : [];
        const matrix = numbers([...learnt, ...others, ...cuts]);
        const given = matrix.columns[0]?.type === 'number' ? [...matrix.columns[0].values] : [];
        const wanted = given.map((each) => (Number.isNaN(each) ? 0 : 1 + cuts.filter((cut) => cut < each).length));
        expect([...binRows(matrix, bins).values]).toEqual(wanted);
        expect(cuts.length + 2).toBeLessThanOrEqual(16);
        expect([...cuts].sort((a, b) => a - b)).toEqual(cuts);
      }),
    );
  });

  it('are one for each value where there are few', () => {
    const bins = fitBins(numbers([3, 1, 2, 2, null]), 255);
    expect([...binRows(numbers([1, 2, 3, null, 0, 9]), bins).values]).toEqual([1, 2, 3, 0, 1, 3]);
  });

  it('hold about the same number of rows, and a frequent value has its own', () => {
    const values = Array.from({ length: 10_000 }, (_, row) => (row < 6000 ? 0 : row * row));
    const matrix = numbers(values);
    const [bins] = [fitBins(matrix, 11)];
    const counts = new Map<number, number>();
    for (const bin of binRows(matrix, bins).values) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(counts.get(1)).toBe(6000);
    const others = [...counts].filter(([bin]) => bin !== 1).map(([, count]) => count);
    expect(Math.max(...others) / Math.min(...others)).toBeLessThan(2);
    expect(others.length).toBeGreaterThanOrEqual(8);
  });

  it('are one for each frequent category, and none for rare ones, unseen ones and missing values', () => {
    const words = [...Array<string>(10).fill('a'), ...Array<string>(12).fill('b'), 'c'];
    const learnt = dataMatrix([categoryColumn('k', words)]);
    const bins = fitBins(learnt, 255);
    const rows = dataMatrix([categoryColumn('k', ['a', 'b', 'c', 'd', null], ['a', 'b', 'c'])]);
    expect([...binRows(rows, bins).values]).toEqual([1, 2, 0, 0, 0]);
    expect(bins.map(binCount)).toEqual([3]);
  });

  it('keeps to 255 where there are more categories', () => {
    const many = Array.from({ length: 4000 }, (_, row) => `w${row % 400}`);
    const matrix = dataMatrix([categoryColumn('k', many)]);
    const bins = fitBins(matrix, 255);
    expect(bins.map(binCount)).toEqual([255]);
    expect(Math.max(...binRows(matrix, bins).values)).toBe(254);
  });
});
