import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until the condition holds, and returns its value, so that tests need no sleeps.
 * @param condition undefined, null and false mean "not yet"; an error thrown means "not yet" too, and is reported if time runs out
 * @param deadlineMs real milliseconds after which the wait fails
 * @throws Error when the deadline passes first
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  deadlineMs = 10_000,
  everyMs = 20,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      cause = undefined;
      if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`Waited ${deadlineMs} ms in vain for: ${condition.toString().slice(0, 200)}`, { cause });
}
