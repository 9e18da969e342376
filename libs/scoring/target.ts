import { z } from 'zod';
import { duration } from '../journeys/written.js';
import { longest } from '../platform/bounds.js';
import { eventKind, property, where } from './features/event-filter.js';

/**
 * What a score predicts: an attribute that says what happened (yes or no, or an amount); an event within a horizon after the instant of
 * prediction; or, with `sum`, how much the events of the horizon come to.
 */
export const target = z.union(
  [z.string().min(1).max(longest.key), z.strictObject({ event: eventKind, within: duration, sum: property.optional(), where })],
  { error: () => 'must be the name of an attribute, or an event within a horizon, as in { event: contract.ended, within: 30 days }' },
);

export type Target = z.infer<typeof target>;
export type EventTarget = Exclude<Target, string>;

const dayMs = 86_400_000;

/** How far a score looks ahead, in milliseconds. */
export function horizonOf({
  target: declared,
  horizon_days,
}: {
  readonly target?: Target | undefined;
  readonly horizon_days: number;
}): number {
  return typeof declared === 'object' ? declared.within : horizon_days * dayMs;
}
