export interface RateAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];

/** An axis of whole percents around these shares (0 to 1), with three to six ticks. */
export function rateAxis(shares: readonly number[]): RateAxis {
  const least = Math.max(0, Math.min(1, ...shares));
  const most = Math.min(1, Math.max(0, ...shares));
  const step = steps.find((size) => (most - least) / size <= 3.5) ?? 0.5;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Math.round((first + at) * step * 100) / 100);
  return { low: first * step, high: last * step, ticks };
}
