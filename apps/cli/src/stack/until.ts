import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is true or the time is over; false when it is over. Real time: this waits for programs, not for customers. */
export async function until(condition: () => Promise<boolean>, deadlineMs: number, everyMs = 25): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > deadline) return false;
    await sleep(everyMs);
  }
}
