import SMTPPool from 'nodemailer/lib/smtp-pool';
import { wireEmail } from '../address/canonical-email.js';
import type { Tokens } from '../../platform/tokens.js';
import type { MessageContext } from '../contract/message-context.js';
import type { SendResult } from '../contract/send-result.js';
import { sendTimeoutMs, type Mark, type MessageChannel } from '../contract/channel.js';
import { createDkimSigner, type DkimSettings } from './dkim.js';
import { BufferedBody } from './buffered-body.js';
import { writeMail } from './mime.js';
import { writeReply } from './reply.js';
import { judgeSmtpError } from './smtp-errors.js';
import type { EmailContent } from './template.js';
import { emailTemplate } from './template.js';

export interface EmailSettings {
  /** `smtp://` or `smtps://`, with credentials if needed. */
  readonly url: string;
  readonly from: string;
  readonly companyName: string;
  /** The domain whose mail comes back to us: replies and bounces. */
  readonly replyDomain: string;
  readonly tokens: Tokens;
  /** Signs every mail (RFC 6376) if it is set. */
  readonly dkim?: DkimSettings | undefined;
  /** The most connections at once; 20 if absent. */
  readonly connections?: number | undefined;
  /** How many real milliseconds the server has for a mail, without the wait for its mark; `sendTimeoutMs` if absent. */
  readonly timeoutMs?: number | undefined;
}

export interface ComposedEmail {
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
}

/** E-mail over SMTP, through a pool of connections. Each mail is submitted once: the pool never retries automatically. */
export function createEmailChannel({
  url,
  from,
  companyName,
  replyDomain,
  tokens,
  dkim,
  connections = 20,
  timeoutMs = sendTimeoutMs,
}: EmailSettings): MessageChannel<ComposedEmail> {
  const sign = dkim === undefined ? (raw: Buffer): Buffer => raw : createDkimSigner(dkim);
  const pool = new SMTPPool({
    url,
    maxConnections: connections,
    maxMessages: 1_000,
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  // Each failed send is handled below; without a listener the event would end the process.
  pool.on('error', () => undefined);

  return {
    compose: (context, now) => compose(context, now),
    send: (mail, mark) => submit(pool, mail, mark, timeoutMs),
    close: () => {
      pool.close();
      return Promise.resolve();
    },
  };

  function compose(context: MessageContext, now: Date): ComposedEmail {
    const { messageId, address } = context;
    const recipient = wireEmail(address);
    const fixedId = `${messageId}@${replyDomain}`;
    const replyTo = `r+${tokens.sign('reply', messageId)}@${replyDomain}`;
    const raw = writeMail({
      ...contentOf(context, replyTo),
      messageId: fixedId,
      date: now,
      from: { name: companyName, address: from },
      to: recipient,
      replyTo,
    });
    return {
      messageId: fixedId,
      envelope: { from: `b+${tokens.sign('bounce', messageId)}@${replyDomain}`, to: [recipient] },
      raw: sign(raw),
    };
  }

  function contentOf(context: MessageContext, replyTo: string): EmailContent & { readonly headers: Readonly<Record<string, string>> } {
    const { reply, variables } = context;
    if (reply !== null) return writeReply(reply, context, replyDomain);
    return {
      ...context.render(emailTemplate),
      headers: {
        // RFC 8058: one click, by POST, without a confirmation.
        'List-Unsubscribe': `<${variables.links.unsubscribe}>, <mailto:${replyTo}?subject=unsubscribe&body=unsubscribe>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    };
  }
}

/**
 * Submits a mail except for its end, which is sent when the mark is committed. If the connection breaks before that, certainly nothing was
 * sent. After it the server's reply decides; without a reply the result is unknown.
 */
function submit(pool: SMTPPool, { messageId, envelope, raw }: ComposedEmail, mark: Mark, timeoutMs: number): Promise<SendResult> {
  const timeout = new PausableTimeout(timeoutMs);
  let withheld = false;
  const body = new BufferedBody(raw, async () => {
    timeout.pause();
    const mayBeSent = await mark();
    withheld = !mayBeSent;
    timeout.resume();
    return mayBeSent;
  });
  const message = {
    getEnvelope: () => ({ ...envelope }),
    messageId: () => `<${messageId}>`,
    getHeader: () => `<${messageId}>`,
    createReadStream: () => body,
  };
  // The pool needs nothing else from a mail; its own class would compose the message again.
  const mail = { data: { signal: timeout.signal }, message } as unknown as Parameters<SMTPPool['send']>[0];
  return new Promise((resolve) => {
    pool.send(mail, (error) => {
      timeout.end();
      body.giveUp();
      if (!error) resolve({ kind: 'accepted', providerId: messageId });
      else if (withheld) resolve({ kind: 'withheld' });
      else resolve(judgeSmtpError(error, body.ended));
    });
  });
}

/** A time-out that stops while the wait is for the ledger and not for the server. */
class PausableTimeout {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(private readonly ms: number) {
    this.resume();
  }

  resume(): void {
    if (!this.ended) this.timer = setTimeout(() => this.controller.abort(), this.ms);
  }

  pause(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.pause();
    this.ended = true;
  }
}
