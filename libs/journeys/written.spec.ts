import { duration, money, percent } from './written.js';

describe('written amounts', () => {
  it.each([
    ['4 days', 345_600_000],
    ['1 day', 86_400_000],
    ['36 hours', 129_600_000],
    ['10 minutes', 600_000],
    ['2 weeks', 1_209_600_000],
  ])('%s is %d ms', (text, ms) => expect(duration.parse(text)).toBe(ms));

  it.each(['0 days', '-1 days', '1.5 days', '4days', 'days', '4 months', '4 days ago', '99999 weeks'])('%s is not a duration', (text) =>
    expect(duration.safeParse(text).success).toBe(false),
  );

  it('reads shares and money', () => {
    expect(percent.parse('10%')).toBe(0.1);
    expect(percent.parse('0%')).toBe(0);
    expect(percent.safeParse('100%').success).toBe(false);
    expect(percent.safeParse('0.1').success).toBe(false);
    expect(money.parse('20000 EUR')).toEqual({ minor: 2_000_000, currency: 'EUR' });
    expect(money.safeParse('20000').success).toBe(false);
  });
});
