import { percent } from '../../format/number.js';
import type { Axis } from './Plot.js';

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

/** An axis of whole percents from 0 to a little above the greatest share, with up to six ticks. */
export function shareAxis(title: string, shares: readonly number[]): Axis {
  const most = Math.max(0.01, ...shares);
  const step = steps.find((size) => most / size <= 5) ?? 0.25;
  const parts = Math.ceil(most / step - 1e-9);
  const ticks = Array.from({ length: parts + 1 }, (_, part) => ({ at: part * step, text: percent(part * step, 0) }));
  return { low: 0, high: parts * step, ticks, title };
}

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3, notation: 'compact' });
export const numberText = (value: number): string => number.format(value).replace('-', '\u2212');

/** An axis from the least to the greatest value, with both and the middle named. */
export function valueAxis(title: string, values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ticks = [...new Set([low, (low + high) / 2, high])].map((at) => ({ at, text: numberText(at) }));
  return { low, high, ticks, title };
}
