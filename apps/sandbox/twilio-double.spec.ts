import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { waitFor } from '../../test/harness/wait-for.js';
import { startTwilioDouble, type TwilioDouble } from './twilio-double.js';

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a'.repeat(32);
const company = '+15550001000';
const phone = '+15550002000';

/** A company's webhook that records its requests, and whether their signatures are valid. */
class Webhook {
  readonly calls: { path: string; valid: boolean; fields: Record<string, string> }[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.note(request).then(() => response.writeHead(204).end());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async note(request: IncomingMessage): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const fields = Object.fromEntries(new URLSearchParams(body));
    const url = `http://${String(request.headers.host)}${String(request.url)}`;
    const valid = twilio.validateRequest(authToken, String(request.headers['x-twilio-signature']), url, fields);
    this.calls.push({ path: String(request.url), valid, fields });
  }
}

describe('the Twilio double', () => {
  let double: TwilioDouble;
  let webhook: Webhook;
  let hooks: string;

  const clientWith = (token: string): ReturnType<typeof twilio> => {
    const client = twilio(accountSid, token);
    client.api.baseUrl = double.url;
    return client;
  };
  const send = (to = phone, body = 'Stay with us') =>
    clientWith(authToken).messages.create({ to, from: company, body, statusCallback: `${hooks}/status?message=0190` });

  beforeEach(async () => {
    webhook = new Webhook();
    hooks = await webhook.listen();
    double = await startTwilioDouble({ accountSid, authToken, inboundUrl: `${hooks}/inbound` });
  });
  afterEach(async () => {
    await double.close();
    webhook.close();
  });

  it('takes a text and reports on it, signed, sent before delivered', async () => {
    const text = await send();
    expect(text).toMatchObject({ status: 'queued', to: phone, from: company, numSegments: '1', errorCode: null });
    expect(text.dateCreated).toBeInstanceOf(Date);
    await waitFor(() => webhook.calls.length === 2);
    expect(webhook.calls.map(({ fields }) => fields['MessageStatus'])).toEqual(['sent', 'delivered']);
    expect(
      webhook.calls.every(({ valid, path, fields }) => valid && path === '/status?message=0190' && fields['MessageSid'] === text.sid),
    ).toBe(true);
    expect((await clientWith(authToken).messages(text.sid).fetch()).status).toBe('delivered');
  });

  it('reports an undelivered text with its code', async () => {
    double.behave([{ to: phone, then: { kind: 'undelivered', code: 30005 } }]);
    await send();
    await double.settled();
    expect(webhook.calls.at(-1)?.fields).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30005' });
  });

  it('turns away wrong credentials, another account, a wrong number and an empty text, as Twilio does', async () => {
    await expect(clientWith('b'.repeat(32)).messages.create({ to: phone, from: company, body: 'x' })).rejects.toMatchObject({
      status: 401,
      code: 20003,
    });
    const stranger = clientWith(authToken).api.v2010.accounts(`AC${'1'.repeat(32)}`);
    await expect(stranger.messages.create({ to: phone, from: company, body: 'x' })).rejects.toMatchObject({ status: 404, code: 20404 });
    await expect(send('12')).rejects.toMatchObject({ status: 400, code: 21211 });
    await expect(send('+15005550009')).rejects.toMatchObject({ code: 21614 });
    await expect(send(phone, '')).rejects.toMatchObject({ code: 21602 });
    expect(double.texts()).toEqual([]);
  });

  it('signs what a phone sends, and holds a STOP until a START', async () => {
    expect(await double.receive({ from: phone, to: company, body: ' stop ' })).toMatchObject({ status: 204 });
    expect(webhook.calls).toMatchObject([
      { path: '/inbound', valid: true, fields: { Body: ' stop ', From: phone, SmsStatus: 'received' } },
    ]);
    await expect(send()).rejects.toMatchObject({ status: 400, code: 21610 });
    const answer = await fetch(`${double.url}/double/inbound`, {
      method: 'POST',
      body: JSON.stringify({ from: phone, to: company, body: 'START' }),
    });
    expect(await answer.json()).toMatchObject({ status: 204 });
    await send();
    await double.receive({ from: phone, to: company, body: 'stop please' });
    await send();
  });

  it('refuses, fails, drops and cuts as configured over HTTP', async () => {
    const rules = [
      { times: 1, then: { kind: 'refuse', code: 20429 } },
      { times: 1, then: { kind: 'fail' } },
      { times: 1, then: { kind: 'drop' } },
      { times: 1, then: { kind: 'cut' } },
    ];
    await fetch(`${double.url}/double/behaviour`, { method: 'POST', body: JSON.stringify(rules) });
    await expect(send()).rejects.toMatchObject({ status: 429, code: 20429 });
    await expect(send()).rejects.toMatchObject({ status: 500 });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(double.texts()).toHaveLength(0);
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(double.texts()).toHaveLength(1);
    await waitFor(() => webhook.calls.length === 2); // a text that was taken is reported on, answer or not
  });

  it('lists texts by recipient and date, in pages', async () => {
    const before = new Date(Date.now() - 60_000);
    for (const body of ['one', 'two', 'three']) await send(phone, body);
    await send('+15550003000');
    const { messages } = clientWith(authToken);
    expect((await messages.list({ to: phone, dateSentAfter: before, pageSize: 2 })).map(({ body }) => body)).toEqual([
      'three',
      'two',
      'one',
    ]);
    expect(await messages.list({ to: phone, dateSentBefore: before })).toEqual([]);
    const { messages: all, next } = (await (await fetch(`${double.url}/double/messages?since=1`)).json()) as {
      messages: { body: string }[];
      next: number;
    };
    expect(all.map(({ body }) => body)).toEqual(['two', 'three', 'Stay with us']);
    expect(next).toBe(4);
  });

  it('answers on WhatsApp in free words only within 24 hours of what the customer wrote, else with a content template', async () => {
    const on = (number: string): string => `whatsapp:${number}`;
    const { messages } = clientWith(authToken);
    const contentSid = `HX${'a'.repeat(32)}`;
    const envelope = { to: on(phone), from: on(company), statusCallback: `${hooks}/status?message=1` };
    const failed = await messages.create({ ...envelope, body: 'Stay with us' });
    expect(failed).toMatchObject({ status: 'queued', to: on(phone), numSegments: '1' });
    await double.settled();
    expect(webhook.calls.map(({ fields }) => [fields['MessageStatus'], fields['ErrorCode'], fields['To']])).toEqual([
      ['failed', '63016', on(phone)],
    ]);

    const template = await messages.create({ ...envelope, contentSid, contentVariables: '{"1":"12 EUR off"}' });
    await double.settled();
    expect((await messages(template.sid).fetch()).status).toBe('delivered');
    await double.receive({ from: on(phone), to: on(company), body: 'STOP' });
    expect(webhook.calls.at(-1)).toMatchObject({ valid: true, fields: { From: on(phone), WaId: phone.slice(1), Body: 'STOP' } });
    const answer = await messages.create({ ...envelope, body: 'We will' }); // a STOP on WhatsApp is left to the company
    await double.settled();
    expect((await messages(answer.sid).fetch()).status).toBe('delivered');
    expect((await messages.list({ to: on(phone) })).map(({ body }) => body)).toEqual(['We will', '12 EUR off', 'Stay with us']);

    await expect(messages.create({ ...envelope, from: company, body: 'x' })).rejects.toMatchObject({ code: 21910 });
    await expect(messages.create({ ...envelope, contentSid, contentVariables: '[1]' })).rejects.toMatchObject({ code: 21656 });
  });

  it('takes a thousand texts, and reports on each twice, in a few seconds', async () => {
    const client = twilio(accountSid, authToken, { keepAlive: true, maxSockets: 50 });
    client.api.baseUrl = double.url;
    await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        client.messages.create({
          to: `+1555${String(1_000_000 + n)}`,
          from: company,
          body: 'x',
          statusCallback: `${hooks}/status?message=${n}`,
        }),
      ),
    );
    await double.settled();
    expect(webhook.calls).toHaveLength(2000);
    expect(double.failedReports).toBe(0);
  });
});
