/** Writes everything that arrived during the previous write in one batch: one commit for many. */
export class BatchWriter<Item> {
  private working: Promise<void> | undefined;
  private again = false;

  /** @param gather returns what may be written now; called until there is nothing @param write never throws */
  constructor(
    private readonly gather: () => readonly Item[],
    private readonly write: (items: readonly Item[]) => Promise<void>,
  ) {}

  /** Notifies the writer that there may be something to write. */
  begin(): void {
    this.again = true;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  async idle(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  private async work(): Promise<void> {
    while (this.again) {
      this.again = false;
      // Everything that arrives in this turn is included.
      await new Promise((resolve) => setImmediate(resolve));
      const items = this.gather();
      if (items.length === 0) continue;
      await this.write(items);
      this.again = true;
    }
  }
}
