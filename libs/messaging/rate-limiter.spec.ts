import { createRateLimiter } from './rate-limiter.js';

describe('the rate limiter', () => {
  it('lets as many through in a while as the rate says', async () => {
    const rate = createRateLimiter(400);
    const began = performance.now();
    let taken = 0;
    while (performance.now() - began < 500) taken += await rate.take(50);
    const seconds = (performance.now() - began) / 1_000;
    expect(taken).toBeLessThanOrEqual(400 * seconds + 40);
    expect(taken).toBeGreaterThan(100);
  });

  it('gives out no more than is asked for, and takes back what was not used', async () => {
    const rate = createRateLimiter(100, () => 0);
    expect(await rate.take(3)).toBe(3);
    expect(await rate.take(50)).toBe(7);
    rate.giveBack(7);
    expect(await rate.take(50)).toBe(7);
    rate.giveBack(1_000);
    expect(await rate.take(50)).toBe(10);
  });

  it('allows one at a time where the rate is below one a second', async () => {
    let now = 0;
    const rate = createRateLimiter(0.5, () => (now += 2_000));
    expect(await rate.take(50)).toBe(1);
    expect(await rate.take(50)).toBe(1);
  });
});
