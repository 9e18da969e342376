import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { startSmtpSink, type SmtpSink } from './smtp-sink.js';

const mail = {
  from: 'shop@example.com',
  to: 'ada@example.com',
  subject: 'Grüße',
  text: 'Bonjour',
  html: '<script>alert(1)</script><b>Hi</b>',
};

describe('the SMTP sink', () => {
  let sink: SmtpSink;
  const send = async (to = mail.to): Promise<unknown> => {
    const transport = createTransport({ url: sink.url, ignoreTLS: true });
    return transport.sendMail({ ...mail, to, headers: { 'X-Long': 'word '.repeat(40) } }).finally(() => transport.close());
  };
  beforeEach(async () => {
    sink = await startSmtpSink();
  });
  afterEach(() => sink.close());

  it('keeps a mail with its envelope and its unfolded headers', async () => {
    await send();
    const [kept] = sink.mails();
    expect(kept).toMatchObject({ number: 1, from: mail.from, to: [mail.to] });
    expect(kept?.headers['x-long']?.[0]).toBe('word '.repeat(40).trim());
    expect(kept?.raw).toContain('Bonjour');
    expect(sink.mailsTo('nobody@example.com')).toEqual([]);
  });

  it('lists what came since the last look', async () => {
    await send();
    const first = (await (await fetch(`${sink.pageUrl}/mails?since=0`)).json()) as { mails: { to: string[] }[]; next: number };
    expect(first.mails.map(({ to }) => to)).toEqual([[mail.to]]);
    await send('bo@example.com');
    const second = (await (await fetch(`${sink.pageUrl}/mails?since=${first.next}`)).json()) as typeof first;
    expect(second.mails.map(({ to }) => to)).toEqual([['bo@example.com']]);
  });

  it('shows mails, and lets none of their scripts into its page', async () => {
    await send();
    expect(await (await fetch(sink.pageUrl)).text()).toContain('Grüße');
    const shown = await (await fetch(`${sink.pageUrl}/mails/1`)).text();
    expect(shown).toContain('<iframe sandbox');
    expect(shown).not.toContain('<script>');
  });

  it('refuses a recipient with the configured code, as often as configured', async () => {
    sink.behave([{ to: mail.to, times: 1, then: { kind: 'refuse', code: 550 } }]);
    await expect(send()).rejects.toMatchObject({ code: 'EENVELOPE', responseCode: 550 });
    await send('bo@example.com');
    await send();
    expect(sink.mails()).toHaveLength(2);
  });

  it('accepts a mail and then cuts the line', async () => {
    sink.behave([{ then: { kind: 'cut' } }]);
    await expect(send()).rejects.toThrow();
    expect(sink.mails()).toHaveLength(1);
  });

  it('cuts the line, or fails, before it accepts anything', async () => {
    sink.behave([{ times: 1, then: { kind: 'drop' } }, { then: { kind: 'fail' } }]);
    await expect(send()).rejects.toThrow();
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    expect(sink.mails()).toHaveLength(0);
  });

  it('can be made slow over HTTP', async () => {
    await fetch(`${sink.pageUrl}/behaviour`, { method: 'POST', body: JSON.stringify([{ delayMs: 300 }]) });
    const began = performance.now();
    await send();
    expect(performance.now() - began).toBeGreaterThan(290);
  });
});

it('keeps in memory no more than configured, and the rest on disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sink-'));
  const sink = await startSmtpSink({ inMemory: 2, directory });
  const transport = createTransport({ url: sink.url, ignoreTLS: true });
  for (const to of ['a@example.com', 'b@example.com', 'c@example.com']) await transport.sendMail({ ...mail, to });
  expect(sink.mails().map(({ to }) => to[0])).toEqual(['b@example.com', 'c@example.com']);
  expect(await (await fetch(`${sink.pageUrl}/mails/1`)).text()).toContain('a@example.com');
  expect(sink.count).toBe(3);
  transport.close();
  await sink.close();
  await rm(directory, { recursive: true });
});

it('takes a thousand mails in a few seconds', async () => {
  const sink = await startSmtpSink();
  const transport = createTransport({ url: sink.url, ignoreTLS: true, pool: true, maxConnections: 20, maxMessages: Infinity });
  await Promise.all(Array.from({ length: 1000 }, (_, n) => transport.sendMail({ ...mail, to: `c${n}@example.com` })));
  expect(new Set(sink.mails().flatMap(({ to }) => to)).size).toBe(1000);
  transport.close();
  await sink.close();
});
