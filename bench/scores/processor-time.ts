/** Time of the processor, not of the clock: other processes on the machine do not count. */
export function processorSeconds<T>(work: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

/** The least of several runs: what the work itself takes. */
export function leastProcessorSeconds(times: number, work: () => unknown): number {
  return Math.min(...Array.from({ length: times }, () => processorSeconds(work).seconds));
}
