/** Calls to Temporal at once, as many as the launcher makes. */
export const breadth = 32;
const timeoutMs = 300_000;

/** Waits for a condition. @throws Error after five minutes */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('The bench waits for something that does not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
