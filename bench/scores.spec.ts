import { measureFamilies } from './scores/quality.js';
import { readTelco } from './scores/telco.js';

describe('the churn score on the telephone company', () => {
  it('ranks, predicts and is calibrated as well as the set allows', async () => {
    const figures = new Map<string, number>();
    measureFamilies({ row: (name, value) => void figures.set(name, value) }, await readTelco());
    const figure = (name: string): number => figures.get(name) ?? NaN;
    expect(figure('telco.customers')).toBe(7043);
    expect(figure('telco.auc')).toBeGreaterThanOrEqual(0.849);
    expect(figure('telco.log_loss')).toBeLessThanOrEqual(0.4115);
    expect(figure('telco.brier')).toBeLessThanOrEqual(0.1335);
    expect(figure('telco.ece')).toBeLessThanOrEqual(0.01);
    expect(figure('boosting.auc')).toBeGreaterThan(0.845);
  }, 240_000);
});
