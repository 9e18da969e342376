import { ascending } from '../model/quality/metrics.js';

/** Of the customers that a model was measured on, those above a threshold, and to how many of them it happened. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly customers: number;
  readonly happened: number;
}

const steps = 100;

/** At each hundredth from 0 up. As for a campaign, a likelihood that is equal to the threshold is not above it. */
export function thresholdsOf(likelihoods: Float64Array, labels: Uint8Array): ThresholdPoint[] {
  const order = ascending(likelihoods);
  const points: ThresholdPoint[] = [];
  let [rank, happened] = [order.length, 0];
  for (let step = steps - 1; step >= 0; step--) {
    const threshold = step / steps;
    for (; rank > 0 && (likelihoods[order[rank - 1] ?? 0] ?? 0) > threshold; rank--) happened += labels[order[rank - 1] ?? 0] ?? 0;
    points.push({ threshold, customers: order.length - rank, happened });
  }
  return points.reverse();
}

/** The point of the hundredth next to a threshold; undefined where nothing was measured there. */
export function pointAt(points: readonly ThresholdPoint[], threshold: number): ThresholdPoint | undefined {
  return points[Math.min(steps - 1, Math.max(0, Math.round(threshold * steps)))];
}
