import { InFlight } from './in-flight.js';

describe('InFlight', () => {
  it('never exceeds its limit, and keeps a place for channels that have not asked yet', () => {
    const inFlight = new InFlight(20, ['email', 'sms', 'whatsapp'] as const);
    const takeAll = (channel: 'email' | 'sms' | 'whatsapp'): number => {
      let taken = 0;
      while (inFlight.take(channel)) taken += 1;
      return taken;
    };
    expect(takeAll('sms')).toBe(16);
    expect(takeAll('email')).toBe(2);
    expect(takeAll('whatsapp')).toBe(2);
    expect(inFlight.take('email')).toBe(false);
    inFlight.free('sms');
    expect(inFlight.take('email')).toBe(true);
  });

  it('gives a single channel all places', () => {
    const inFlight = new InFlight(3, ['email']);
    expect([1, 2, 3, 4].map(() => inFlight.take('email'))).toEqual([true, true, true, false]);
  });

  it('has a place for each channel, however low the limit', () => {
    const inFlight = new InFlight(3, ['email', 'sms', 'whatsapp']);
    expect((['email', 'sms', 'whatsapp'] as const).map((channel) => inFlight.take(channel))).toEqual([true, true, true]);
  });
});
