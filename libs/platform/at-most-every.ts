/** Calls `act` at once, and not again until this many real milliseconds have passed: for a log line that would repeat. */
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
