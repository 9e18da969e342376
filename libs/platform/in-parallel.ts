/** Does `work` for every item, at most `breadth` at a time; the first failure ends it. */
export async function inParallel<Item>(items: readonly Item[], breadth: number, work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(breadth, items.length) }, worker));
}
