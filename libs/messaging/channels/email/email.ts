import { Readable } from 'node:stream';
import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { Tokens } from '../../../platform/tokens.js';
import type { MessageContext } from '../../message-context.js';
import type { SendResult } from '../../send-result.js';
import type { Templates } from '../../templates.js';
import { sendTimeoutMs, type MessageChannel } from '../channel.js';
import { writeMail } from './mime.js';
import { judgeSmtpError } from './smtp-errors.js';

export interface EmailSettings {
  /** `smtp://` or `smtps://`, with credentials where there are any. */
  readonly url: string;
  readonly from: string;
  readonly companyName: string;
  /** The domain whose mail comes back to us: replies and bounces. */
  readonly replyDomain: string;
  readonly templates: Templates;
  readonly tokens: Tokens;
}

export interface ComposedEmail {
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
}

/** E-mail over SMTP, through a pool of connections. Each mail is handed over once: the pool never tries again by itself. */
export function createEmailChannel({
  url,
  from,
  companyName,
  replyDomain,
  templates,
  tokens,
}: EmailSettings): MessageChannel<ComposedEmail> {
  const pool = new SMTPPool({
    url,
    maxConnections: 20,
    maxMessages: 1_000,
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  // Each failed send is answered below; without a listener the event would end the process.
  pool.on('error', () => undefined);

  return {
    compose: (context, now) => compose(context, now),
    send: (mail) => submit(pool, mail),
    close: () => {
      pool.close();
      return Promise.resolve();
    },
  };

  function compose({ messageId, address, template, locale, variables }: MessageContext, now: Date): ComposedEmail {
    const fixedId = `${messageId}@${replyDomain}`;
    const replyTo = `r+${tokens.sign('reply', messageId)}@${replyDomain}`;
    const raw = writeMail({
      ...templates.email(template, locale, variables),
      messageId: fixedId,
      date: now,
      from: { name: companyName, address: from },
      to: address,
      replyTo,
      headers: {
        // RFC 8058: one click, by POST, without asking back.
        'List-Unsubscribe': `<${variables.links.unsubscribe}>, <mailto:${replyTo}?subject=unsubscribe&body=unsubscribe>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    return { messageId: fixedId, envelope: { from: `b+${tokens.sign('bounce', messageId)}@${replyDomain}`, to: [address] }, raw };
  }
}

/**
 * Whether a broken connection was ambiguous shows in whether the body was asked for at all: the server asks only after
 * it has taken the sender and the recipient. A body that was never pulled was never sent.
 */
function submit(pool: SMTPPool, { messageId, envelope, raw }: ComposedEmail): Promise<SendResult> {
  let pulled = false;
  const message = {
    getEnvelope: () => ({ ...envelope }),
    messageId: () => `<${messageId}>`,
    getHeader: () => `<${messageId}>`,
    createReadStream: () =>
      new Readable({
        read() {
          pulled = true;
          this.push(raw);
          this.push(null);
        },
      }),
  };
  // The pool asks nothing else of a mail than this; its own class would compose the message once more.
  const mail = { data: { signal: AbortSignal.timeout(sendTimeoutMs) }, message } as unknown as Parameters<SMTPPool['send']>[0];
  return new Promise((resolve) => {
    pool.send(mail, (error) => resolve(error ? judgeSmtpError(error, pulled) : { kind: 'accepted', providerId: messageId }));
  });
}
