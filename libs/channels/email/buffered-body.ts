import { Readable, Transform } from 'node:stream';
import type { Mark } from '../contract/channel.js';

const lineBreak = '\r\n';

/**
 * The body of a mail whose end waits for permission. A server accepts a mail when it gets the line that ends it (RFC 5321, 4.1.1.4); if the
 * connection closes before that line, the server has nothing. So everything else is written while the mark is committed.
 */
export class BufferedBody extends Readable {
  /** Whether the end was released: from then on the server may have the mail. */
  ended = false;
  private begun = false;
  private over = false;

  constructor(
    /** As `writeMail` returns it: no line begins with a dot, and each ends with CRLF. */
    private readonly raw: Buffer,
    private readonly mark: Mark,
  ) {
    super();
  }

  /** The connection has finished with it, for any reason: its end is never released after this. */
  giveUp(): void {
    this.over = true;
  }

  /**
   * nodemailer would check each byte for a line that begins with a dot, which must be doubled (RFC 5321, 4.5.2), or that does not end
   * correctly. `writeMail` produces neither, and that search took as long as composing the mail.
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
