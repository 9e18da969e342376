import { clockSkewMs, isAhead, notAfter, whyNoInstant } from './instants.js';

const now = new Date('2026-03-02T12:00:00Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);

describe('an instant from outside', () => {
  it.each(['1900-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2199-12-31T23:59:59.999Z'])('may be %s', (text) => {
    expect(whyNoInstant(new Date(text))).toBeUndefined();
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '1899-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'never',
  ])('is not %s', (text) => {
    expect(whyNoInstant(new Date(text))).toMatch('1900 to 2199');
  });

  it('may be ahead by the tolerated clock difference, and then counts as now', () => {
    expect([isAhead(after(clockSkewMs), now), isAhead(after(clockSkewMs + 1), now), isAhead(after(-1), now)]).toEqual([false, true, false]);
    expect([notAfter(after(1), now), notAfter(after(-1), now)]).toEqual([now, after(-1)]);
  });
});
