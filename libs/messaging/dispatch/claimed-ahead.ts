/**
 * Claimed messages that wait for a connection. The size of this buffer depends on the speed of sending: it is doubled when a claim was used
 * up quickly, and halved when it waited long. So a slow provider's messages stay available to other dispatchers, and can still be
 * withdrawn.
 */
export class ClaimedAhead<Claimed> {
  private readonly waiting: Claimed[] = [];
  private readonly takers: ((claimed: Claimed | undefined) => void)[] = [];
  private claimedAt = 0;
  private ended = false;
  private spaceAsked: (() => void) | undefined;
  private most: number;

  constructor(
    private readonly least: number,
    private readonly ceiling: number,
    private readonly realNow: () => number = () => performance.now(),
  ) {
    this.most = least;
  }

  /** Waits until at least half of the buffer was sent. @returns how many may be claimed */
  async space(): Promise<number> {
    while (!this.ended && this.waiting.length > this.most / 2) await new Promise<void>((resolve) => (this.spaceAsked = resolve));
    return this.ended ? 0 : this.most - this.waiting.length;
  }

  put(claimed: readonly Claimed[]): void {
    this.claimedAt = this.realNow();
    this.waiting.push(...claimed);
    while (this.takers.length > 0 && this.waiting.length > 0) this.takers.shift()?.(this.waiting.shift());
  }

  /** Waits for the next. @returns undefined once it has ended */
  async take(): Promise<Claimed | undefined> {
    if (this.ended) return undefined;
    const next = this.waiting.shift();
    if (next === undefined) return new Promise((resolve) => this.takers.push(resolve));
    if (this.spaceAsked !== undefined && this.waiting.length <= this.most / 2) this.makeSpace();
    return next;
  }

  /** Ends the buffer. @returns the messages that still waited */
  end(): Claimed[] {
    this.ended = true;
    for (const taker of this.takers.splice(0)) taker(undefined);
    this.spaceAsked?.();
    return this.waiting.splice(0);
  }

  private makeSpace(): void {
    const tookMs = this.realNow() - this.claimedAt;
    if (tookMs < quickMs) this.most = Math.min(this.ceiling, this.most * 2);
    if (tookMs > slowMs) this.most = Math.max(this.least, Math.floor(this.most / 2));
    this.spaceAsked?.();
    this.spaceAsked = undefined;
  }
}

/** Real milliseconds in which half of the buffer is sent: below the first value the buffer grows, above the second it shrinks. */
const quickMs = 500;
const slowMs = 5_000;
