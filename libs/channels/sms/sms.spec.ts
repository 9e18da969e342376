import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTwilioDouble, type TwilioDouble } from '../../../apps/sandbox/twilio-double.js';
import { messageContext } from '../../../test/harness/message-context.js';
import { createClock, realTime } from '../../platform/clock.js';
import type { MessageContext } from '../contract/message-context.js';
import type { Mark, MessageChannel, SentWithoutAnswer } from '../contract/channel.js';
import { createSmsChannel, type ComposedSms } from './sms.js';

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a token for tests only';
const now = new Date('2026-03-02T12:00:00Z');

const settings = {
  accountSid,
  authToken,
  from: '+14155550100',
  publicUrl: 'https://perennial.test',
  segmentPrice: 7_500,
};

function channelTo(baseUrl: string, speed = 1): MessageChannel<ComposedSms> {
  const clock = createClock({ ...realTime, speed });
  return createSmsChannel({ ...settings, baseUrl, clock });
}

const context = (address: string, overrides: Partial<MessageContext> = {}): MessageContext => messageContext('sms', address, overrides);
const marked = (): Promise<boolean> => Promise.resolve(true);

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

  const send = (to: string, via = channel, mark: Mark = marked) => via.send(via.compose(context(to), now), mark);

  it('arrives with the link, the words for answers, and our id in the callback', async () => {
    const given = context('+14155550101');
    const result = await channel.send(channel.compose(given, now), marked);
    const [text] = double.textsTo('+14155550101');
    expect(result).toEqual({ kind: 'accepted', providerId: text?.sid, segments: 2, costMilli: 15_000 });
    expect(text?.body).toBe(
      'Example Telecom: thank you for being with us. For you until March 16: 12 EUR off your next bill. https://perennial.test/o/1 ' +
        'Reply YES to accept, NO to decline, STOP to end.',
    );
    expect(text?.statusCallback).toBe(`https://perennial.test/hooks/twilio/status?message=${given.messageId}`);
  });

  it('of a person has their own text, is billed by it, and is found again by it', () => {
    const reply = { text: `{{ offer.title }} – ${'x'.repeat(70)}`, thread: null, answered: null };
    const composed = channel.compose({ ...messageContext('sms', '+14155550123'), reply }, new Date('2026-03-02T12:00:00Z'));
    expect(composed).toMatchObject({ message: { body: reply.text, to: '+14155550123' }, segments: 2 });
  });

  it('is marked before any request to the provider, and not sent if the mark is refused', async () => {
    const to = '+14155550109';
    const before: number[] = [];
    const mark = (): Promise<boolean> => Promise.resolve(before.push(double.textsTo(to).length) > 1);
    expect(await send(to, channel, mark)).toEqual({ kind: 'withheld' });
    expect(await send(to, channel, mark)).toMatchObject({ kind: 'accepted' });
    expect(before).toEqual([0, 0]);
    expect(double.textsTo(to)).toHaveLength(1);
  });

  it('expires at the provider before the quiet hours begin, in real seconds and within its limits', () => {
    expect(channel.compose(context('+1'), now).message.validityPeriod).toBe(3_600);
    expect(channelTo(double.url, 60).compose(context('+1'), now).message.validityPeriod).toBe(60);
    expect(channel.compose(context('+1', { sendBefore: now }), now).message.validityPeriod).toBe(1);
    expect(channel.compose(context('+1', { sendBefore: new Date('2026-03-05T12:00:00Z') }), now).message.validityPeriod).toBe(36_000);
  });

  it.each([
    [21610, 'rejected', 'opt-out'],
    [21211, 'rejected', 'dead-address'],
    [21408, 'rejected', 'alert'],
    [21611, 'retry', 'slow-down'],
    [20429, 'retry', 'slow-down'],
    [21617, 'retry', 'template'],
  ])('that is refused with %d is %s as %s', async (code, kind, errorClass) => {
    double.behave([{ then: { kind: 'refuse', code } }]);
    expect(await send('+14155550102')).toEqual({ kind, errorClass, errorCode: String(code) });
  });

  it('is submitted once: if the provider is busy, the gate retries', async () => {
    double.behave([{ times: 1, then: { kind: 'refuse', code: 20429 } }]);
    expect(await send('+14155550104')).toMatchObject({ kind: 'retry', errorClass: 'slow-down' });
    expect(double.textsTo('+14155550104')).toHaveLength(0);
  });

  it('may have been sent if the provider failed or the connection broke', async () => {
    double.behave([{ then: { kind: 'fail' } }]);
    expect(await send('+14155550103')).toEqual({
      kind: 'unknown',
      errorClass: 'ambiguous',
      errorCode: '500',
      segments: 2,
      costMilli: 15_000,
    });
    double.behave([{ then: { kind: 'cut' } }]);
    expect(await send('+14155550103')).toMatchObject({ kind: 'unknown', errorClass: 'ambiguous' });
    expect(double.textsTo('+14155550103')).toHaveLength(1);
  });

  it('may have been sent if the reply makes no sense', async () => {
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

  it('is kept if the provider could not be reached, or the credentials are wrong', async () => {
    expect(await send('+14155550105', channelTo('http://127.0.0.1:1'))).toMatchObject({ kind: 'retry', errorClass: 'safe-retry' });
    const stranger = createSmsChannel({ ...settings, authToken: 'not the right token', baseUrl: double.url, clock: createClock(realTime) });
    expect(await send('+14155550105', stranger)).toMatchObject({ kind: 'retry', errorClass: 'sender-refused' });
  });
});

describe('an SMS whose submission had no reply', () => {
  let double: TwilioDouble;
  let channel: MessageChannel<ComposedSms>;
  let count = 0;
  beforeAll(async () => {
    double = await startTwilioDouble({ accountSid, authToken });
    channel = channelTo(double.url);
  });
  afterAll(() => double.close());

  const submit = async (given: MessageContext, then: 'cut' | 'drop' | null = 'cut'): Promise<void> => {
    double.behave(then === null ? [] : [{ then: { kind: then } }]);
    await channel.send(channel.compose(given, now), marked);
    await double.settled();
  };
  const freshAddress = (): string => `+1415555${String(++count).padStart(4, '0')}`;
  const lookUp = (given: MessageContext, more: Partial<SentWithoutAnswer> = {}) =>
    channel.lookUp?.({
      messageId: given.messageId,
      context: given,
      submittedAt: now,
      realSubmittedAt: new Date(),
      knownProviderIds: new Set(),
      ...more,
    });
  const sidsTo = (address: string): string[] => double.textsTo(address).map(({ sid }) => sid);

  it('is found if the provider has a matching one', async () => {
    const given = context(freshAddress());
    await submit(given);
    expect(await lookUp(given)).toEqual({ kind: 'found', providerId: sidsTo(given.address)[0], status: 'delivered', errorCode: null });
  });

  it('is found with its state', async () => {
    const given = context(freshAddress());
    double.behave([{ then: { kind: 'undelivered', code: 30005 } }]);
    await channel.send(channel.compose(given, now), marked);
    await double.settled();
    expect(await lookUp(given)).toMatchObject({ kind: 'found', status: 'bounced', errorCode: '30005' });
  });

  it('is not found if nothing, or only a known message, was sent to the address at that time', async () => {
    const given = context(freshAddress());
    await submit(given, 'drop');
    expect(await lookUp(given)).toEqual({ kind: 'not-found' });
    await submit(context(given.address, { template: 'save-reminder' }), null);
    expect(await lookUp(given, { knownProviderIds: new Set(sidsTo(given.address)) })).toEqual({ kind: 'not-found' });
    await submit(given);
    expect(await lookUp(given, { realSubmittedAt: new Date(Date.now() + 3_600_000) })).toEqual({ kind: 'not-found' });
  });

  it('is unclear if two matching ones were sent, or one of ours with another text', async () => {
    const given = context(freshAddress());
    await submit(given);
    const variables = { ...given.variables, offer: { ...given.variables.offer, title: '15 EUR off' } };
    const renamed = context(given.address, { ...given, variables });
    expect(await lookUp(renamed)).toEqual({ kind: 'unclear' });
    await submit(given);
    expect(await lookUp(given)).toEqual({ kind: 'unclear' });
    const [first = ''] = sidsTo(given.address);
    expect(await lookUp(given, { knownProviderIds: new Set([first]) })).toMatchObject({ kind: 'found' });
  });

  it('is not another sender’s message from the same number, nor an incoming one', async () => {
    const given = context(freshAddress());
    await submit(given, 'drop');
    double.behave([]);
    await fetch(`${double.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      body: new URLSearchParams({ To: given.address, From: settings.from, Body: 'Your parcel is here' }),
    });
    expect(await lookUp(given)).toEqual({ kind: 'not-found' });
  });

  it('cannot be looked up if the provider does not respond', async () => {
    const given = context(freshAddress());
    const sent = {
      messageId: given.messageId,
      context: given,
      submittedAt: now,
      realSubmittedAt: new Date(),
      knownProviderIds: new Set<string>(),
    };
    await expect(channelTo('http://127.0.0.1:1').lookUp?.(sent)).rejects.toThrow();
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
