import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { queryOne } from '../../../../libs/persistence/sql.js';
import { recordDelivery } from '../../../../libs/messaging/ledger.js';
import { receiveResponse } from '../../../../libs/responses/receive.js';
import { visibleText } from '../../../../libs/responses/visible-text.js';
import type { ApiContext } from '../context.js';
import { readDeliveryFailure } from './delivery-report.js';
import { readInboundAddress, type InboundAddress } from './inbound-address.js';
import { readMail, type IncomingMail } from './read-mail.js';

type InboundContext = Pick<ApiContext, 'settings' | 'orm' | 'clock' | 'tokens' | 'log' | 'classify'>;

export interface InboundMail {
  readonly port: number;
  /** Takes no more mail, and lets what is being received finish. */
  close(): Promise<void>;
}

/** Bytes of a mail, attachments included. */
const longestMail = 5 * 1024 * 1024;
const maxClients = 50;
/** Real milliseconds that open connections are given when the door closes. */
const closeWithin = 5_000;

/**
 * Opens the door for e-mail: answers to messages (`r+`) and reports about them (`b+`). It takes mail for no other address.
 * @throws where the address is in use
 */
export async function startInboundMail(context: InboundContext): Promise<InboundMail> {
  const { domain, host, port } = context.settings.inboundMail;
  const server = new SMTPServer({
    name: domain,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: longestMail,
    maxClients,
    closeTimeout: closeWithin,
    onRcptTo: ({ address }, _session, done) => {
      done(readInboundAddress(address, domain, context.tokens) === undefined ? smtpError(550, '5.1.1 There is no such address') : null);
    },
    onData: (stream, session, done) => {
      take(context, stream, session).then(
        () => done(null, 'Taken'),
        (error: unknown) => {
          const known = error instanceof SmtpError;
          if (!known) context.log.error({ err: error }, 'incoming mail could not be handled');
          done(known ? error : smtpError(451, '4.3.0 Please try again later'));
        },
      );
    },
  });
  // A client that breaks off is no fault of ours; without a listener it would end the process.
  server.on('error', (error) => context.log.warn({ code: 'code' in error ? error.code : error.name }, 'an SMTP connection failed'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** An error that says to the sending server by itself whether it should try again. */
class SmtpError extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

function smtpError(code: number, message: string): SmtpError {
  return new SmtpError(code, message);
}

async function take(context: InboundContext, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw smtpError(552, '5.3.4 The mail is too large');
  const { mailFrom, rcptTo } = session.envelope;
  const mail = await readMail(Buffer.concat(chunks), mailFrom === false ? '' : mailFrom.address).catch(() => {
    throw smtpError(554, '5.6.0 The mail cannot be read');
  });
  for (const { address } of rcptTo) {
    const inbound = readInboundAddress(address, context.settings.inboundMail.domain, context.tokens);
    if (inbound !== undefined) await doors[inbound.purpose](context, inbound, mail);
  }
}

const doors: Readonly<
  Record<InboundAddress['purpose'], (context: InboundContext, to: InboundAddress, mail: IncomingMail) => Promise<void>>
> = {
  reply: takeReply,
  bounce: takeReport,
};

async function takeReply(context: InboundContext, to: InboundAddress, mail: IncomingMail): Promise<void> {
  const { orm, clock, classify, log } = context;
  const { subject, headers, text } = mail;
  const received = await receiveResponse(
    orm.em.fork(),
    {
      source: 'smtp',
      sourceId: `${to.messageId}:${mail.id}`,
      channel: 'email',
      by: { messageId: to.messageId },
      said: (language) => classify({ channel: 'email', text, language, subject, headers }),
      text: visibleText(text),
    },
    clock.now(),
  );
  log.info({ response: received.responseId, answer: received.answer, repeated: received.repeated }, 'mail received');
  // Some servers report to the reply address.
  if (received.answer === 'bounce') await takeReport(context, to, mail);
}

/** Only what failed for good counts: a delay is not the end, and an answering machine writes here too. */
async function takeReport({ settings, orm, clock, log }: InboundContext, { messageId }: InboundAddress, mail: IncomingMail): Promise<void> {
  const failure = mail.deliveryStatus === undefined ? undefined : readDeliveryFailure(mail.deliveryStatus);
  if (failure === undefined) return;
  const recorded = await orm.em.fork().transactional(async (tx) => {
    const message = await queryOne<{ providerId: string | null }>(tx, 'select provider_id as "providerId" from message where id = $1', [
      messageId,
    ]);
    if (message === undefined) return false;
    return recordDelivery(tx, {
      channel: 'email',
      // What the mail's Message-ID was made of, should its sender have died before it could note that.
      providerId: message.providerId ?? `${messageId}@${settings.inboundMail.domain}`,
      messageId,
      status: 'bounced',
      errorCode: failure.status,
      now: clock.now(),
    });
  });
  log.info({ message: messageId, status: failure.status, recorded }, 'delivery report received');
}
