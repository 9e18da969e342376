import { together } from './together.js';

describe('work that is done together', () => {
  it('collects what is asked for while some is done, and does each item once', async () => {
    const done: (readonly number[])[] = [];
    const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const ask = together<number>(async (items) => {
      done.push(items);
      await gates[done.length - 1]?.promise;
    });
    const first = ask(1);
    await new Promise(setImmediate);
    const later = [ask(2), ask(3)];
    expect(done).toEqual([[1]]);
    gates[0]?.resolve(undefined);
    await first;
    gates[1]?.resolve(undefined);
    await Promise.all(later);
    expect(done).toEqual([[1], [2, 3]]);
  });

  it('fails for those for whom it failed, and goes on', async () => {
    const ask = together<number>((items) => (items.includes(1) ? Promise.reject(new Error('away')) : Promise.resolve()));
    await expect(ask(1)).rejects.toThrow('away');
    await expect(ask(2)).resolves.toBeUndefined();
  });
});
