import { waitFor } from '../harness/wait-for.js';
import { timeoutMs } from './stage.js';

/** Repeats the assertion until it passes; fails with the last error after the timeout. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  let failure: unknown;
  const holds = (): Promise<boolean> =>
    assertion().then(
      () => true,
      (error: unknown) => {
        failure = error;
        return false;
      },
    );
  await waitFor(holds, timeoutMs, 50).catch((error: unknown) => {
    throw failure ?? error;
  });
}
