import { campaignDay, span } from './time.js';

describe('campaignDay', () => {
  const launched = '2026-03-02T12:00:00.000Z';

  it('counts the day of the launch as the first', () => {
    expect(campaignDay(launched, '2026-03-02T12:00:01.000Z', 10)).toBe('day 1 of 10');
    expect(campaignDay(launched, '2026-03-04T13:00:00.000Z', 10)).toBe('day 3 of 10');
  });

  it('names no window after its end', () => {
    expect(campaignDay(launched, '2026-03-13T12:00:00.000Z', 10)).toBe('day 12');
  });

  it('has no day before the launch', () => {
    expect(campaignDay(null, launched, 10)).toBeNull();
  });
});

describe('span', () => {
  it.each([
    ['2026-03-02T12:00:12.000Z', '12 s'],
    ['2026-03-02T12:03:59.000Z', '3 min'],
    ['2026-03-02T15:00:00.000Z', '3 h'],
    ['2026-03-05T11:00:00.000Z', '2 d'],
    ['2026-03-02T11:59:00.000Z', 'now'],
  ])('to %s is %s', (to, said) => {
    expect(span('2026-03-02T12:00:00.000Z', to)).toBe(said);
  });
});
