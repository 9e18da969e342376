import { Readable } from 'node:stream';
import type { Mark } from '../channel.js';

/**
 * The body of a mail that ends only when it may. The server takes a mail with the line that ends it (RFC 5321, 4.1.1.4);
 * a connection that closes before that line leaves nothing behind. So all else is written while the mark is committed.
 */
export class HeldBody extends Readable {
  /** Whether the end was let go: from here on the server may have the mail. */
  ended = false;
  private begun = false;
  private over = false;

  constructor(
    private readonly raw: Buffer,
    private readonly mark: Mark,
  ) {
    super();
  }

  /** The connection is done with it, whatever happened: it never ends after this. */
  giveUp(): void {
    this.over = true;
  }

  override _read(): void {
    if (this.begun) return;
    this.begun = true;
    this.push(this.raw);
    void this.mark().then((mayBeSent) => {
      if (this.over || this.destroyed) return;
      if (!mayBeSent) return void this.destroy(new Error('the mail was withheld'));
      this.ended = true;
      this.push(null);
    });
  }
}
