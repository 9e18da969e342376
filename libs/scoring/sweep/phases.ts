/** What a page of a sweep takes time for: who is looked at, their features, their scores, and writing these. */
export type SweepPhase = 'finding' | 'features' | 'scoring' | 'writing';

/** Hears how many milliseconds a phase took. */
export type PhaseWatch = (phase: SweepPhase, ms: number) => void;

/** Does the work of a phase and says how long it took. */
export async function timed<Result>(
  watch: PhaseWatch | undefined,
  phase: SweepPhase,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  const began = performance.now();
  const result = await work();
  watch?.(phase, performance.now() - began);
  return result;
}
