/** How an enrolment ended. `held-out` is the only outcome in the holdout. */
export const outcomes = [
  'saved',
  'declined',
  'lapsed',
  'expired',
  'won-back',
  'handed-over',
  'nothing-pays',
  'opted-out',
  'unreachable',
  'recovered',
  'churned',
  'cancelled',
  'held-out',
] as const;
export type Outcome = (typeof outcomes)[number];
