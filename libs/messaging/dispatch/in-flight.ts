/** How many messages a crash may leave unknown, over all channels of a process. */
export const mostInFlight = 20;

/**
 * Bounds the messages that are marked and not yet settled. A tenth of the places is reserved for each channel, so that a channel whose
 * provider hangs cannot take them all; the others go to the first that asks.
 */
export class InFlight<Channel extends string> {
  private readonly inUse: Map<Channel, number>;
  private readonly kept: number;

  constructor(
    private readonly limit: number,
    channels: readonly Channel[],
  ) {
    this.kept = Math.max(1, Math.floor(limit / 10));
    this.inUse = new Map(channels.map((channel) => [channel, 0]));
  }

  /** @returns false if there is no place for this channel now */
  take(channel: Channel): boolean {
    let spoken = 1;
    for (const [other, inUse] of this.inUse) spoken += other === channel ? inUse : Math.max(inUse, this.kept);
    if (spoken > this.limit) return false;
    this.inUse.set(channel, (this.inUse.get(channel) ?? 0) + 1);
    return true;
  }

  free(channel: Channel): void {
    this.inUse.set(channel, (this.inUse.get(channel) ?? 0) - 1);
  }
}
