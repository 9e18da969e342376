/** How often one customer is written to over all campaigns and channels, and one address for all customers who have it, for one purpose. */
export interface ContactLimits {
  /** The most messages within any such period. */
  readonly caps: readonly { readonly messages: number; readonly windowMs: number }[];
  /** The shortest time between two messages. */
  readonly gapMs: number;
}

/**
 * The earliest instant, `now` or later, at which one more message keeps to the limits.
 * @param taken when other messages were sent, or will be: a future one counts like a past one
 */
export function earliestFit(taken: readonly number[], limits: ContactLimits, now: number): number {
  if (fits(taken, limits, now)) return now;
  // Only at these instants an obstacle can end.
  const ends = taken.flatMap((each) => [...limits.caps.map(({ windowMs }) => each + windowMs), each + limits.gapMs]);
  const later = ends.filter((at) => at > now).sort((a, b) => a - b);
  return later.find((at) => fits(taken, limits, at)) ?? now;
}

/** Whether a message at that instant keeps to the limits: no span that contains it has too many, and no message is too near. */
function fits(taken: readonly number[], { caps, gapMs }: ContactLimits, at: number): boolean {
  if (taken.some((each) => Math.abs(each - at) < gapMs)) return false;
  return caps.every(({ messages, windowMs }) => {
    const near = [...taken.filter((each) => Math.abs(each - at) < windowMs), at];
    // A span with too many messages also has too many if it ends at one of them.
    const ends = near.filter((each) => each >= at);
    return ends.every((end) => near.filter((each) => each <= end && each > end - windowMs).length <= messages);
  });
}
