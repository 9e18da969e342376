import { Readable, Transform } from 'node:stream';
import type { Mark } from '../contract/channel.js';

const lineBreak = '\r\n';

/**
 * The body of a mail that ends only when it may. The server takes a mail with the line that ends it (RFC 5321, 4.1.1.4);
 * a connection that closes before that line leaves nothing behind. So all else is written while the mark is committed.
 */
export class BufferedBody extends Readable {
  /** Whether the end was let go: from here on the server may have the mail. */
  ended = false;
  private begun = false;
  private over = false;

  constructor(
    /** As `writeMail` has it: no line begins with a dot, and each is ended by CRLF. */
    private readonly raw: Buffer,
    private readonly mark: Mark,
  ) {
    super();
  }

  /** The connection is done with it, whatever happened: it never ends after this. */
  giveUp(): void {
    this.over = true;
  }

  /**
   * nodemailer would look at each byte on the way, for a line that begins with a dot and has to be written with two (RFC
   * 5321, 4.5.2), or one that is not ended as it should be. `writeMail` leaves neither, and that search took as long as
   * all of composing.
   */
  override pipe<Stream extends NodeJS.WritableStream>(stream: Stream, options?: { readonly end?: boolean }): Stream {
    if (stream instanceof Transform) stream._transform = (chunk, _encoding, done) => done(null, chunk);
    return super.pipe(stream, options);
  }

  override _read(): void {
    if (this.begun) return;
    this.begun = true;
    // The line that ends a mail is written with the line break before it.
    this.push(this.raw.subarray(0, -lineBreak.length));
    void this.mark().then((mayBeSent) => {
      if (this.over || this.destroyed) return;
      if (!mayBeSent) return void this.destroy(new Error('the mail was withheld'));
      this.ended = true;
      this.push(null);
    });
  }
}
