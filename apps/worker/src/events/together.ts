/**
 * Has work that is asked for one by one done together: while some is done, what is asked for meanwhile is collected, and done next.
 * @param work does it for all; where it fails, it failed for each
 */
export function together<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let collected: { readonly items: Item[]; readonly done: Promise<void> } | undefined;
  return (item) => {
    if (collected !== undefined) {
      collected.items.push(item);
      return collected.done;
    }
    const items = [item];
    const done = running.then(() => {
      collected = undefined;
      return work(items);
    });
    collected = { items, done };
    running = done.catch(() => undefined);
    return done;
  };
}
