import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a check until it is true or the time is over; false if the time is over. Real time: this waits for programs, not for customers. */
export async function until(condition: () => Promise<boolean>, deadlineMs: number, everyMs = 25): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > deadline) return false;
    await sleep(everyMs);
  }
}
