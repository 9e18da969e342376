/** How often one customer is written to, over all campaigns and channels, and one address, whosever it is, for one purpose. */
export interface ContactLimits {
  /** Within any such span of time, at most so many messages. */
  readonly caps: readonly { readonly messages: number; readonly windowMs: number }[];
  /** The least time between two messages. */
  readonly gapMs: number;
}

/**
 * The earliest instant, `now` or later, at which one more message keeps to the limits.
 * @param taken when other messages were sent, or are to be: one in the future is kept free for, as a past one is
 */
export function earliestFit(taken: readonly number[], limits: ContactLimits, now: number): number {
  if (fits(taken, limits, now)) return now;
  // Only there does anything that stands in the way cease to.
  const ends = taken.flatMap((each) => [...limits.caps.map(({ windowMs }) => each + windowMs), each + limits.gapMs]);
  const later = ends.filter((at) => at > now).sort((a, b) => a - b);
  return later.find((at) => fits(taken, limits, at)) ?? now;
}

/** Whether a message at that instant keeps to the limits: no span that holds it holds too many, and none is too near. */
function fits(taken: readonly number[], { caps, gapMs }: ContactLimits, at: number): boolean {
  if (taken.some((each) => Math.abs(each - at) < gapMs)) return false;
  return caps.every(({ messages, windowMs }) => {
    const near = [...taken.filter((each) => Math.abs(each - at) < windowMs), at];
    // A span that is too full is also too full where it ends with one of its messages.
    const ends = near.filter((each) => each >= at);
    return ends.every((end) => near.filter((each) => each <= end && each > end - windowMs).length <= messages);
  });
}
