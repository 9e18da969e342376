import { waitFor } from '../harness/wait-for.js';
import { patience } from './stage.js';

/** Tries the assertion again and again until it holds; fails as it failed last once patience ends. */
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
  await waitFor(holds, patience, 50).catch((error: unknown) => {
    throw failure ?? error;
  });
}
