import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { z } from 'zod';
import { Behaviour, rules, type Rule } from './behaviour.js';
import { mailPage, mailsPage } from './mail-pages.js';
import { MailStore, type SinkMail } from './mail-store.js';
import { json, serve, type Answer, type Asked } from './web.js';

export interface SmtpSinkOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly pagePort?: number;
  /** Mails kept in memory; default 20,000. */
  readonly inMemory?: number;
  /** The directory for mails that are no longer in memory; absent: they are lost. */
  readonly directory?: string;
}

/** A mail server that accepts every mail, delivers none, and shows them. */
export interface SmtpSink {
  /** smtp://host:port */
  readonly url: string;
  readonly port: number;
  /** Lists the mails for people at /, as JSON at /mails?since=N&limit=N&to=address; accepts rules at POST /behaviour. */
  readonly pageUrl: string;
  /** How many mails have been received in total, with those that were cleared. */
  readonly count: number;
  /** The mails after number `since`, oldest first. */
  mails(since?: number): SinkMail[];
  mailsTo(address: string): SinkMail[];
  /** Replaces all earlier rules. `refuse` answers RCPT with its code, for example 550. */
  behave(list: readonly Rule[]): void;
  clear(): void;
  close(): Promise<void>;
}

/** A negative reply of an SMTP server. */
class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const store = new MailStore(options.inMemory ?? 20_000, options.directory);
  const behaviour = new Behaviour();
  const sockets = new Map<number, Socket>();
  const hangUp = (session: SMTPServerSession): void => void sockets.get(session.remotePort)?.destroy();
  /** The rule that was chosen for a recipient applies until the end of the mail. */
  const taken = new WeakMap<SMTPServerSession, Rule>();

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onMailFrom: (_address, session, done) => {
      taken.delete(session);
      done();
    },
    onRcptTo: ({ address }, session, done) => {
      const rule = behaviour.take(address);
      if (rule !== undefined) taken.set(session, rule);
      if (rule?.then?.kind === 'drop') hangUp(session);
      // As mail servers do: they name the address.
      else if (rule?.then?.kind === 'refuse') done(new Refusal(rule.then.code, `<${address}>: refused by rule`));
      else done();
    },
    onData: (stream, session, done) => {
      const rule = taken.get(session);
      receive(stream)
        .then(async (raw) => {
          await sleep(rule?.delayMs ?? 0);
          if (rule?.then?.kind === 'fail') throw new Refusal(451, 'failed by rule');
          const { mailFrom, rcptTo } = session.envelope;
          const mail = await store.add({
            at: new Date(),
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
          });
          if (rule?.then?.kind === 'cut') hangUp(session);
          else done(null, `taken as ${mail.number}`);
        })
        .catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
    },
  });
  server.on('error', () => undefined); // a client that hangs up is no failure of the sink
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  const web = await serve(options.pagePort ?? 0, (asked) => answer(asked, store, behaviour));

  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    pageUrl: `http://127.0.0.1:${web.port}`,
    get count() {
      return store.count;
    },
    mails: (since = 0) => store.since(since),
    mailsTo: (address) => store.since(0, Infinity, address),
    behave: (list) => behaviour.set(list),
    clear: () => store.clear(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
      await web.close();
    },
  };
}

async function receive(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const listing = z.object({ since: z.coerce.number().default(0), limit: z.coerce.number().default(1000), to: z.string().optional() });

async function answer({ method, url, body }: Asked, store: MailStore, behaviour: Behaviour): Promise<Answer> {
  const one = /^\/mails\/(\d+)$/.exec(url.pathname)?.[1];
  if (method === 'POST' && url.pathname === '/behaviour') {
    behaviour.set(rules.parse(JSON.parse(body)));
    return json({});
  }
  if (method !== 'GET') return json({ error: 'not found' }, 404);
  if (url.pathname === '/') return mailsPage(store);
  if (url.pathname === '/mails') {
    const { since, limit, to } = listing.parse(Object.fromEntries(url.searchParams));
    const mails = store.since(since, limit, to);
    return json({ mails, next: mails.length < limit ? Math.max(since, store.count) : (mails.at(-1)?.number ?? since) });
  }
  const mail = one === undefined ? undefined : await store.one(Number(one));
  return mail === undefined ? json({ error: 'not found' }, 404) : mailPage(mail);
}
