import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTwilioDouble, type TwilioDouble } from '../../../../test/doubles/twilio-double.js';
import { createClock, realTime } from '../../../platform/clock.js';
import { newId } from '../../../platform/ids.js';
import { projectFile } from '../../../platform/project-file.js';
import type { MessageContext } from '../../message-context.js';
import { loadTemplates } from '../../templates.js';
import type { MessageChannel } from '../channel.js';
import { createSmsChannel, type ComposedSms } from './sms.js';

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a token for tests only';
const now = new Date('2026-03-02T12:00:00Z');
const templates = loadTemplates(projectFile('config', 'templates'));

function channelTo(baseUrl: string, speed = 1): MessageChannel<ComposedSms> {
  const clock = createClock({ ...realTime, speed });
  return createSmsChannel({ accountSid, authToken, from: '+14155550100', baseUrl, publicUrl: 'http://127.0.0.1:1', templates, clock });
}

function context(address: string, overrides: Partial<MessageContext> = {}): MessageContext {
  return {
    messageId: newId(),
    channel: 'sms',
    address,
    template: 'save-offer',
    locale: 'en',
    sendBefore: new Date('2026-03-02T13:00:00Z'),
    variables: {
      company: { name: 'Example Telecom', address: '1 Example Street' },
      customer: { name: 'Ada' },
      offer: { title: '12 EUR off your next bill', expires: 'March 16', voucher: 'SAVE-1' },
      links: { accept: 'https://perennial.test/o/1', unsubscribe: 'https://perennial.test/u/2' },
    },
    ...overrides,
  };
}

describe('SMS', () => {
  let double: TwilioDouble;
  let channel: MessageChannel<ComposedSms>;
  beforeAll(async () => {
    double = await startTwilioDouble({ accountSid, authToken });
    channel = channelTo(double.url);
  });
  afterAll(async () => {
    await double.settled();
    await double.close();
  });
  afterEach(() => double.behave([]));

  const send = (to: string, via = channel) => via.send(via.compose(context(to), now));

  it('arrives with the link, the words to answer with, and our id in the callback', async () => {
    const given = context('+14155550101');
    const result = await channel.send(channel.compose(given, now));
    const [text] = double.textsTo('+14155550101');
    expect(result).toEqual({ kind: 'accepted', providerId: text?.sid });
    expect(text?.body).toBe(
      'Example Telecom: thank you for being with us. For you until March 16: 12 EUR off your next bill. https://perennial.test/o/1 ' +
        'Reply YES to accept, NO to decline, STOP to end.',
    );
    expect(text?.statusCallback).toBe(`http://127.0.0.1:1/hooks/twilio/status?message=${given.messageId}`);
  });

  it('expires at the provider before the quiet hours begin, in real seconds and within its limits', () => {
    expect(channel.compose(context('+1'), now).validityPeriod).toBe(3_600);
    expect(channelTo(double.url, 60).compose(context('+1'), now).validityPeriod).toBe(60);
    expect(channel.compose(context('+1', { sendBefore: now }), now).validityPeriod).toBe(1);
    expect(channel.compose(context('+1', { sendBefore: new Date('2026-03-05T12:00:00Z') }), now).validityPeriod).toBe(36_000);
  });

  it.each([
    [21610, 'rejected', 'opt-out'],
    [21211, 'rejected', 'dead-address'],
    [21408, 'rejected', 'alert'],
    [21611, 'retry', 'transient'],
    [20429, 'retry', 'safe-retry'],
    [21617, 'rejected', 'refused'],
  ])('that is refused with %d is %s as %s', async (code, kind, errorClass) => {
    double.behave([{ then: { kind: 'refuse', code } }]);
    expect(await send('+14155550102')).toEqual({ kind, errorClass, errorCode: String(code) });
  });

  it('may have been sent where the provider broke down or the line broke', async () => {
    double.behave([{ then: { kind: 'fail' } }]);
    expect(await send('+14155550103')).toEqual({ kind: 'unknown', errorClass: 'ambiguous', errorCode: '500' });
    double.behave([{ then: { kind: 'cut' } }]);
    expect(await send('+14155550103')).toMatchObject({ kind: 'unknown', errorClass: 'ambiguous' });
    expect(double.textsTo('+14155550103')).toHaveLength(1);
  });

  it('may have been sent where the answer makes no sense', async () => {
    for (const answer of [
      { status: 201, body: '{"sid": ' },
      { status: 200, body: '{}' },
      { status: 302, body: '' },
    ]) {
      const odd = await serve((_, response) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body));
      expect(await send('+14155550104', channelTo(odd.url))).toMatchObject({ kind: 'unknown', errorClass: 'ambiguous' });
      await odd.close();
    }
  });

  it('is kept where nobody could be reached, and rejected with an alert where the credentials are wrong', async () => {
    expect(await send('+14155550105', channelTo('http://127.0.0.1:1'))).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    const stranger = createSmsChannel({
      accountSid,
      authToken: 'not the right token',
      from: '+14155550100',
      baseUrl: double.url,
      publicUrl: 'http://127.0.0.1:1',
      templates,
      clock: createClock(realTime),
    });
    expect(await stranger.send(stranger.compose(context('+14155550105'), now))).toMatchObject({ kind: 'rejected', errorClass: 'alert' });
  });
});

async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
