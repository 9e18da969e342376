import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { startSmtpSink, type SmtpSink } from '../../../apps/sandbox/smtp-sink.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import { newId } from '../../platform/ids.js';
import { createTokens } from '../../platform/tokens.js';
import type { MessageContext } from '../contract/message-context.js';
import { shippedTemplates } from '../../../test/harness/content.js';
import type { MessageChannel } from '../contract/channel.js';
import { createEmailChannel, type ComposedEmail } from './email.js';
import { writeMail, type Mail } from './mime.js';

const tokens = createTokens('a secret that is only good for tests, 32+');
const marked = (): Promise<boolean> => Promise.resolve(true);
const now = new Date('2026-03-02T12:00:00Z');

function channelTo(url: string, timeoutMs?: number): MessageChannel<ComposedEmail> {
  return createEmailChannel({
    url,
    timeoutMs,
    from: 'care@example.test',
    companyName: 'Beispiel Größe AG',
    replyDomain: 'reply.example.test',
    tokens,
  });
}

function context(address = 'ada@example.test'): MessageContext {
  const written: Omit<MessageContext, 'render'> = {
    messageId: newId(),
    channel: 'email',
    address,
    template: 'save-offer',
    locale: 'de',
    sendBefore: new Date('2026-03-02T19:00:00Z'),
    lastInboundAt: null,
    reply: null,
    variables: {
      company: { name: 'Beispiel Größe AG', address: 'Hauptstraße 1, 12345 Ort' },
      customer: { name: 'Zoë Ñandú', locale: 'de', timeZone: 'Europe/Berlin' },
      offer: { title: '12 € Gutschrift & mehr', expiresAt: new Date('2026-03-16T12:00:00Z'), voucher: 'SAVE-1' },
      message: { purpose: 'marketing' },
      links: { accept: 'https://perennial.test/o/1', unsubscribe: 'https://perennial.test/u/2', preferences: 'https://perennial.test/p/2' },
      tracked: (name) => `https://perennial.test/l/${name}`,
    },
  };
  return { ...written, render: (part) => shippedTemplates.render(part, written.template, written.locale, written.variables) };
}

describe('e-mail', () => {
  let sink: SmtpSink;
  let channel: MessageChannel<ComposedEmail>;
  beforeAll(async () => {
    sink = await startSmtpSink();
    channel = channelTo(sink.url);
  });
  afterAll(async () => {
    await channel.close();
    await sink.close();
  });
  afterEach(() => sink.behave([]));

  const send = (to = 'ada@example.test', via = channel) => via.send(via.compose(context(to), now), marked);

  it('arrives complete: both bodies, and addresses for replies, unsubscribing and bounces', async () => {
    const given = context('zoe@example.test');
    const result = await channel.send(channel.compose(given, now), marked);
    expect(result).toEqual({ kind: 'accepted', providerId: `${given.messageId}@reply.example.test` });

    const [mail] = sink.mailsTo('zoe@example.test');
    const parsed = await PostalMime.parse(mail?.raw ?? '');
    expect(parsed.subject).toBe('Für Sie: 12 € Gutschrift & mehr');
    expect(parsed.from).toMatchObject({ name: 'Beispiel Größe AG', address: 'care@example.test' });
    expect(parsed.messageId).toBe(`<${given.messageId}@reply.example.test>`);
    expect(new Date(parsed.date ?? '')).toEqual(now);
    expect(parsed.text).toContain('Guten Tag Zoë Ñandú,');
    expect(parsed.html).toContain('12 € Gutschrift &amp; mehr');

    const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('list-unsubscribe')).toMatch(/^<https:\/\/perennial\.test\/u\/2>, <mailto:r\+/);
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const reply = /^r\+(.+)@reply\.example\.test$/.exec(parsed.replyTo?.[0]?.address ?? '')?.[1] ?? '';
    expect(tokens.read('reply', reply)).toBe(given.messageId);
    const bounce = /^b\+(.+)@reply\.example\.test$/.exec(mail?.from ?? '')?.[1] ?? '';
    expect(tokens.read('bounce', bounce)).toBe(given.messageId);
  });

  it('of a person goes into the thread of the customer’s mail, with the person’s own text, and can be answered', async () => {
    const thread = { messageId: '<their@mail.example>', references: [], subject: 'AW: Für Sie' };
    const text = '{{ customer.name }}, <b>yes</b> & "both":\n\n.dotted';
    const answered = newId();
    const given = { ...context('asks@example.test'), reply: { text, thread, answered } };
    await channel.send(channel.compose(given, now), marked);
    const [mail] = sink.mailsTo('asks@example.test');
    const parsed = await PostalMime.parse(mail?.raw ?? '');
    const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]));
    expect(parsed.subject).toBe('Re: Für Sie');
    expect(headers.get('in-reply-to')).toBe('<their@mail.example>');
    expect(headers.get('references')).toBe(`<${answered}@reply.example.test> <their@mail.example>`);
    expect(headers.has('list-unsubscribe')).toBe(false);
    expect(parsed.text).toContain(text);
    expect(parsed.text).toContain('Hauptstraße 1, 12345 Ort');
    expect(parsed.html).toContain('{{ customer.name }}, &lt;b&gt;yes&lt;/b&gt; &amp; &quot;both&quot;:<br>');
    const reply = /^r\+(.+)@reply\.example\.test$/.exec(parsed.replyTo?.[0]?.address ?? '')?.[1] ?? '';
    expect(tokens.read('reply', reply)).toBe(given.messageId);
  });

  it('is sent with many in parallel', async () => {
    const before = sink.count;
    const results = await Promise.all(Array.from({ length: 120 }, (_, n) => send(`many${n}@example.test`)));
    expect(results.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(sink.count - before).toBe(120);
  });

  it('is rejected if the server refuses it permanently, and kept if temporarily', async () => {
    sink.behave([{ to: 'refused@example.test', then: { kind: 'refuse', code: 550 } }]);
    expect(await send('refused@example.test')).toEqual({ kind: 'rejected', errorClass: 'refused', errorCode: '550' });
    sink.behave([{ then: { kind: 'refuse', code: 450 } }]);
    expect(await send()).toEqual({ kind: 'retry', errorClass: 'transient', errorCode: '450' });
    sink.behave([{ then: { kind: 'fail' } }]);
    expect(await send()).toEqual({ kind: 'retry', errorClass: 'transient', errorCode: '451' });
    sink.behave([]);
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  it('is safe to send again if the connection broke before the body, and only then', async () => {
    const before = sink.count;
    sink.behave([{ to: 'dropped@example.test', then: { kind: 'drop' } }]);
    expect(await send('dropped@example.test')).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    expect(sink.count).toBe(before);
    sink.behave([{ to: 'cut@example.test', then: { kind: 'cut' } }]);
    expect(await send('cut@example.test')).toMatchObject({ kind: 'unknown', errorClass: 'ambiguous' });
    expect(sink.mailsTo('cut@example.test')).toHaveLength(1);
  });

  describe('is marked late:', () => {
    const withheld = (): Promise<boolean> => Promise.resolve(false);

    it('everything except its end is written before, and nothing has arrived', async () => {
      const before = sink.count;
      let asked = 0;
      const result = await channel.send(channel.compose(context('late@example.test'), now), async () => {
        asked += 1;
        expect(sink.count).toBe(before);
        return Promise.resolve(true);
      });
      expect(result.kind).toBe('accepted');
      expect(asked).toBe(1);
      expect(sink.mailsTo('late@example.test')).toHaveLength(1);
    });

    it('without the mark nothing arrives, and the pool continues', async () => {
      const before = sink.count;
      const sends = Array.from({ length: 45 }, () => channel.send(channel.compose(context('withheld@example.test'), now), withheld));
      expect(new Set((await Promise.all(sends)).map(({ kind }) => kind))).toEqual(new Set(['withheld']));
      expect(await Promise.all(Array.from({ length: 30 }, () => send()))).toHaveLength(30);
      expect(sink.mailsTo('withheld@example.test')).toHaveLength(0);
      expect(sink.count - before).toBe(30);
    });

    it('the mark is not requested if the server accepts no mail', async () => {
      sink.behave([{ then: { kind: 'refuse', code: 550 } }]);
      let asked = 0;
      await channel.send(channel.compose(context(), now), () => Promise.resolve(++asked > 0));
      expect(asked).toBe(0);
    });

    it('a connection that breaks during the commit has sent nothing, whatever the reply is', async () => {
      const cutting = await startSmtpSink();
      const via = channelTo(cutting.url);
      const result = await via.send(via.compose(context(), now), async () => {
        await cutting.close();
        // Only until the break is noticed here: an end that was written into a broken connection is in doubt.
        await new Promise((resolve) => setTimeout(resolve, 50));
        return true;
      });
      expect(result).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
      await via.close();
    });

    it('a server that answers too early gets no end', async () => {
      const early = await listenSmtp((line) => (line.startsWith('Content-Type') ? '552 5.3.4 too big' : undefined));
      const via = channelTo(`smtp://127.0.0.1:${early.port}`);
      const result = await via.send(via.compose(context(), now), () => new Promise((resolve) => setTimeout(() => resolve(true), 50)));
      expect(result).toMatchObject({ kind: 'retry', errorClass: 'template', errorCode: '5.3.4' });
      expect(early.heard()).not.toContain('\r\n.\r\n');
      await via.close();
      await early.close();
    });
  });

  it('a provider that hangs longer than the time-out: before the end nothing was sent, after it the result is unknown', async () => {
    const hasty = channelTo(sink.url, 400);
    sink.behave([{ to: 'slow@example.test', delayMs: 800 }]);
    // If the machine itself is slower than that, nothing was sent yet, and it is retried.
    const slow = await waitFor(() => send('slow@example.test', hasty).then((result) => (result.kind === 'retry' ? null : result)));
    expect(slow).toMatchObject({ kind: 'unknown', errorClass: 'ambiguous' });
    await waitFor(async () => (await send('next@example.test', hasty)).kind === 'accepted');

    // A server that never says anything.
    const mute = await listen((socket) => socket.on('error', () => undefined));
    const toMute = channelTo(`smtp://127.0.0.1:${mute.port}`, 400);
    expect(await send('ada@example.test', toMute)).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    await toMute.close();
    await mute.close();

    // The wait for the ledger does not count for the server.
    const late = (): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(true), 600));
    await waitFor(async () => (await hasty.send(hasty.compose(context(), now), late)).kind === 'accepted');
    await hasty.close();
    await waitFor(() => sink.mailsTo('slow@example.test').length === 1);
  });

  it('is kept if there is no server, or one that closes the connection before its greeting', async () => {
    const away = channelTo('smtp://127.0.0.1:1');
    expect(await send('ada@example.test', away)).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    await away.close();

    const rude = await listen((socket) => socket.destroy());
    const toRude = channelTo(`smtp://127.0.0.1:${rude.port}`);
    expect(await send('ada@example.test', toRude)).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    await toRude.close();
    await rude.close();
  });

  it('waits, without counting an attempt, if the server asks to try again later', async () => {
    const closing = await listenSmtp((line) => (line.startsWith('EHLO') ? '421 4.3.2 shutting down' : undefined));
    const via = channelTo(`smtp://127.0.0.1:${closing.port}`);
    expect(await send('ada@example.test', via)).toEqual({ kind: 'retry', errorClass: 'slow-down', errorCode: '421' });
    await via.close();
    await closing.close();
  });

  it('with an address that would break out of its line cannot be composed', () => {
    for (const address of ['a@b.test\r\nBcc: c@d.test', 'a b@c.test', 'a@b.test> RCPT TO:<c@d.test', 'nobody']) {
      expect(() => channel.compose(context(address), now)).toThrow(
        expect.objectContaining({ name: 'CannotCompose', code: 'malformed-address' }) as Error,
      );
    }
  });
});

describe('writeMail', () => {
  const mail: Mail = {
    messageId: `${newId()}@reply.example.test`,
    date: now,
    from: { name: 'Example "Quoted" Inc.', address: 'care@example.test' },
    to: 'ada@example.test',
    replyTo: 'r+1@reply.example.test',
    subject: 'Hello',
    text: ['Hello'],
    html: ['<p>', 'Hello', '</p>'],
    headers: {},
  };

  it('preserves any text, in lines that every server accepts, for any division into pieces', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' '));
    await fc.assert(
      fc.asyncProperty(words, words, async (line, body) => {
        const subject = line.replace(/\s+/g, ' ').trim();
        const raw = writeMail({ ...mail, subject, text: [body, '\n.', `\n${body}`], html: ['<p>', body, '</p>'] });
        const lines = raw.toString('latin1').split('\r\n');
        const written = lines.slice(lines.indexOf(''));
        expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(998);
        expect(Math.max(...written.map((each) => each.length))).toBeLessThanOrEqual(76);
        expect(lines.filter((each) => /^\.|[\r\n]/.test(each))).toEqual([]);
        expect(lines.at(-1)).toBe('');
        const parsed = await PostalMime.parse(raw);
        expect(parsed.subject ?? '').toBe(subject);
        expect(parsed.text?.trimEnd()).toBe(`${body}\n.\n${body}`.trimEnd());
        expect(parsed.html?.trimEnd()).toBe(`<p>${body}</p>`);
      }),
    );
  });

  it('refuses a header value that would begin another header', () => {
    expect(() => writeMail({ ...mail, subject: 'Hello\r\nBcc: mallory@example.test' })).toThrow('line break');
    expect(() => writeMail({ ...mail, headers: { 'X-One': 'a\nb' } })).toThrow('line break');
  });
});

async function listen(answer: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A mail server that replies to each line by `early`, or normally if `early` returns nothing. */
async function listenSmtp(early: (line: string) => string | undefined): Promise<{ port: number; heard(): string; close(): Promise<void> }> {
  const usual: Readonly<Record<string, string>> = { EHLO: '250 hello', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on' };
  let heard = '';
  const sockets: Socket[] = [];
  const server = await listen((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 early\r\n');
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      for (const line of chunk.toString().split('\r\n')) {
        const answer = early(line) ?? usual[line.slice(0, 4)];
        if (answer !== undefined) socket.write(`${answer}\r\n`);
      }
    });
  });
  return {
    port: server.port,
    heard: () => heard,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return server.close();
    },
  };
}
