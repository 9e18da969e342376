/** Calls `act` at once, and then not again before so many real milliseconds have passed: for a log that says the same on and on. */
export function atMostEvery<Arguments extends readonly unknown[]>(
  ms: number,
  act: (...given: Arguments) => void,
  now: () => number = () => performance.now(),
): (...given: Arguments) => void {
  let last = -Infinity;
  return (...given) => {
    if (now() - last < ms) return;
    last = now();
    act(...given);
  };
}
