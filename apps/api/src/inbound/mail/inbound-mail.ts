import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Settings } from '../../../../../config/settings.js';
import type { Logger } from '../../../../../libs/platform/log.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import { ConnectionPlaces, type PlaceLimits } from './connection-places.js';
import { readInboundAddress } from '../../../../../libs/responses/mail/which-message/inbound-address.js';
import { maxRecipients, type MailReceiver } from './inbound-pipeline.js';
import { longestMail, readMail } from '../../../../../libs/responses/mail/reading/read-mail.js';

export interface InboundParts {
  readonly settings: Settings;
  readonly tokens: Tokens;
  readonly log: Logger;
  readonly receiver: MailReceiver;
}

export interface InboundMail {
  readonly port: number;
  /** Accepts no more mail, and finishes receiving the present ones. */
  close(): Promise<void>;
}

const places: PlaceLimits = { most: 200, perAddress: 20 };
/** Real milliseconds in which a client has to say something. */
const quietAtMost = 30_000;
/** The most real milliseconds of a connection: otherwise a client that sends a byte now and then would keep its place for ever. */
const openAtMost = 900_000;
/** Real milliseconds that open connections get when the server closes. */
const closeWithin = 5_000;

/**
 * Starts the SMTP server for incoming e-mail: answers to messages (`r+`) and reports about them (`b+`, or to a role). It accepts mail for
 * no other address.
 * @param longest real milliseconds after which a connection is closed at any point; its mail comes again
 * @param limits how many connections there may be at once
 * @throws if the address is in use, or the certificate cannot be read
 */
export async function startInboundMail(
  { settings, tokens, log, receiver }: InboundParts,
  longest = openAtMost,
  limits = places,
): Promise<InboundMail> {
  const { domain, host, port, tls } = settings.inboundMail;
  const connections = new ConnectionPlaces(limits);
  const server = new SMTPServer({
    name: domain,
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(tls !== undefined && { cert: await readFile(tls.cert), key: await readFile(tls.key) }),
    disableReverseLookup: true,
    size: longestMail,
    socketTimeout: quietAtMost,
    closeTimeout: closeWithin,
    onRcptTo: ({ address }, { envelope, remoteAddress, remotePort }, done) => {
      const named = readInboundAddress(address, domain, tokens);
      if (envelope.rcptTo.length >= maxRecipients) done(smtpError(452, '4.5.3 Too many recipients'));
      else if (named === undefined) done(smtpError(550, '5.1.1 There is no such address'));
      else {
        // Everybody knows the address of a role.
        if (named.purpose !== 'role') connections.nowKnown(remoteAddress, remotePort);
        done(null);
      }
    },
    onData: (stream, session, done) => {
      take(receiver, stream, session).then(
        () => done(null, 'Taken'),
        (error: unknown) => {
          const known = error instanceof SmtpError;
          if (!known) log.error({ err: error }, 'incoming mail could not be handled');
          done(known ? error : smtpError(451, '4.3.0 Please try again later'));
        },
      );
    },
  });
  // A client that disconnects is not our error; without a listener it would end the process.
  server.on('error', (error) => log.warn({ code: 'code' in error ? error.code : error.name }, 'an SMTP connection failed'));
  server.server.on('connection', (socket) => {
    connections.enter(socket)?.end('421 4.7.0 Too many connections, please try again later\r\n').destroySoon();
    const timer = setTimeout(() => socket.destroy(), longest);
    socket.once('close', () => clearTimeout(timer));
  });
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

/** An error that the sending server gets with its own reply code, so that it knows whether to try again. */
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

async function take(receiver: MailReceiver, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw smtpError(552, '5.3.4 The mail is too large');
  const { mailFrom, rcptTo } = session.envelope;
  const mail = await readMail(Buffer.concat(chunks), mailFrom === false ? '' : mailFrom.address).catch(() => {
    throw smtpError(554, '5.6.0 The mail cannot be read');
  });
  await receiver.receiveMail({ to: rcptTo.map(({ address }) => address), mail }, 'smtp');
}
