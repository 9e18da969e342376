import type { SmtpSink } from '../../apps/sandbox/smtp-sink.js';
import type { TwilioDouble } from '../../apps/sandbox/twilio-double.js';

/** The messages that the providers accepted, by id: of a mail in its Message-ID, of a text in its status callback. */
export class Witness {
  private readonly seen = new Map<string, number>();
  private mails = 0;
  private texts = 0;

  constructor(
    private readonly sink: SmtpSink,
    private readonly twilio: TwilioDouble,
  ) {}

  /** How many messages came in all, on both channels. */
  get count(): number {
    return this.sink.count + this.twilio.texts(this.texts).length + this.texts;
  }

  /** Reads the messages since the last call, and clears the sink. */
  read(): void {
    for (const mail of this.sink.mails(this.mails)) {
      this.note(/^<([^@]+)@/.exec(mail.headers['message-id']?.[0] ?? '')?.[1]);
      this.mails = mail.number;
    }
    this.sink.clear();
    for (const text of this.twilio.texts(this.texts)) {
      this.note(text.statusCallback === null ? undefined : (new URL(text.statusCallback).searchParams.get('message') ?? undefined));
      this.texts = text.number;
    }
  }

  /** How often a message came. */
  times(messageId: string): number {
    return this.seen.get(messageId) ?? 0;
  }

  private note(messageId: string | undefined): void {
    if (messageId === undefined) throw new Error('A provider was given a message that names none of ours');
    this.seen.set(messageId, this.times(messageId) + 1);
  }
}
