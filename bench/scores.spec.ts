import { run } from './scores.js';

describe('the churn score on the telephone company', () => {
  it('ranks, predicts and is calibrated as well as the set allows', async () => {
    const figures = new Map<string, number>();
    await run({ row: (name, value) => void figures.set(name, value) });
    const figure = (name: string): number => figures.get(name) ?? NaN;
    expect(figure('telco.customers')).toBe(7043);
    expect(figure('telco.auc')).toBeGreaterThan(0.848);
    expect(figure('telco.log_loss')).toBeLessThan(0.412);
    expect(figure('telco.brier')).toBeLessThan(0.134);
    expect(figure('telco.ece')).toBeLessThan(0.012);
  }, 120_000);
});
