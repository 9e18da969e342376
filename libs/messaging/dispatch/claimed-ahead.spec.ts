import { ClaimedAhead } from './claimed-ahead.js';

describe('ClaimedAhead', () => {
  let now = 0;
  const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  async function passThrough(ahead: ClaimedAhead<number>, tookMs: number): Promise<number> {
    const space = await ahead.space();
    ahead.put(many(space));
    now += tookMs;
    const next = ahead.space();
    for (let n = 0; n < space; n += 1) await ahead.take();
    return next;
  }

  it('doubles the buffer while messages are sent quickly, up to its limit, and halves it when they wait long', async () => {
    const ahead = new ClaimedAhead<number>(20, 100, () => now);
    expect(await passThrough(ahead, 100)).toBeGreaterThan(20);
    for (let n = 0; n < 5; n += 1) await passThrough(ahead, 100);
    expect(await ahead.space()).toBe(100);
    for (let n = 0; n < 5; n += 1) await passThrough(ahead, 10_000);
    expect(await ahead.space()).toBe(20);
  });

  it('requests no more while the waiting ones are not taken', async () => {
    const ahead = new ClaimedAhead<number>(20, 100, () => now);
    ahead.put(many(20));
    let wanted = false;
    const space = ahead.space().then(() => (wanted = true));
    await ahead.take();
    await Promise.resolve();
    expect(wanted).toBe(false);
    for (let n = 0; n < 10; n += 1) await ahead.take();
    await space;
    expect(wanted).toBe(true);
  });

  it('gives new messages to those who wait, in turn, and returns the rest when it ends', async () => {
    const ahead = new ClaimedAhead<number>(2, 2);
    const [first, second] = [ahead.take(), ahead.take()];
    ahead.put([1, 2, 3, 4]);
    expect([await first, await second, await ahead.take()]).toEqual([1, 2, 3]);
    expect(ahead.end()).toEqual([4]);
    expect(await ahead.take()).toBeUndefined();
    expect(await ahead.space()).toBe(0);
  });
});
