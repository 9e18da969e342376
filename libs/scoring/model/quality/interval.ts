import { createRandom } from '../../../platform/random.js';
import type { Estimate } from './gate.js';

export type Metric = (likelihoods: Float64Array, labels: Uint8Array) => number;

/**
 * A metric with the interval that holds the truth in 95 of 100 cases: the percentiles of the metric over samples of the same customers,
 * drawn with replacement (Efron 1979).
 */
export function bootstrapInterval(
  metric: Metric,
  likelihoods: Float64Array,
  labels: Uint8Array,
  { seed, times = 200 }: { readonly seed: string; readonly times?: number },
): Estimate {
  const random = createRandom(`${seed}:bootstrap`);
  const rows = labels.length;
  const drawnLikelihoods = new Float64Array(rows);
  const drawnLabels = new Uint8Array(rows);
  const values = Float64Array.from({ length: times }, () => {
    for (let place = 0; place < rows; place++) {
      const row = random.below(rows);
      drawnLikelihoods[place] = likelihoods[row] ?? 0;
      drawnLabels[place] = labels[row] ?? 0;
    }
    return metric(drawnLikelihoods, drawnLabels);
  })
    .filter((value) => Number.isFinite(value))
    .sort();
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? NaN;
  return { value: metric(likelihoods, labels), low: at(0.025), high: at(0.975) };
}
