import { run } from './lifetime.js';

describe('the models of lifetime value', () => {
  it('find the published figures: those of the cohorts, and of the CD shop where its purchases are at hand', async () => {
    const figures = new Map<string, number>();
    await run({ row: (name, value) => void figures.set(name, value) });
    const figure = (name: string): number => figures.get(name) ?? NaN;
    const ratios = [...figures].filter(([name]) => name.endsWith('.ratio'));
    expect(ratios.length).toBeGreaterThanOrEqual(5);
    for (const [name, ratio] of ratios) expect([name, Math.abs(ratio - 1) < 0.01]).toEqual([name, true]);
    expect(figure('sbg.high_end.residual_lifetime')).toBeCloseTo(7.53, 3);
    for (const error of ['bg_nbd', 'pareto_nbd', 'spend']) {
      const ratio = figures.get(`cdnow.${error}.rmse.ratio`);
      if (ratio !== undefined) expect(ratio).toBeLessThan(1.0005);
    }
  });
});
