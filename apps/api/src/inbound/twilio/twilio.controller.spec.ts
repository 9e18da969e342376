import twilio from 'twilio';
import { makeContactPoint, makeCustomer, testNow } from '../../../../../test/harness/factories.js';
import { accountSid, authToken, publicUrl, startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { signalsTo } from '../../../../../test/harness/signals.js';

let inbound: TestInbound;
beforeAll(async () => {
  inbound = await startTestInbound({ env: { PERENNIAL_COMPANY_NAME: 'Bits & Bytes', PERENNIAL_COMPANY_CONTACT: '0800 123' } });
});
afterAll(() => inbound.close());
beforeEach(() => inbound.setNow(testNow));

type Fields = Readonly<Record<string, string>>;
let count = 0;
const newSid = (): string => `SM${(++count).toString(16).padStart(32, '0')}`;

/** What Twilio sends for a text. */
function textFrom(from: string, body: string, more: Fields = {}): Fields {
  const MessageSid = newSid();
  const fixed = {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    FromCity: '',
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    To: '+15005550006',
  };
  return { ...fixed, Body: body, From: from, MessageSid, SmsSid: MessageSid, SmsMessageSid: MessageSid, ...more };
}

const without = (fields: Fields, ...names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const sign = (path: string, fields: Fields): string => twilio.getExpectedTwilioSignature(authToken, publicUrl + path, { ...fields });

function post(
  path: string,
  fields: Fields,
  {
    signature = sign(path, fields),
    headers = {},
    body = new URLSearchParams({ ...fields }).toString(),
  }: { readonly signature?: string; readonly headers?: Fields; readonly body?: string | Buffer<ArrayBuffer> } = {},
): Promise<Response> {
  return fetch(inbound.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'x-twilio-signature': signature, ...headers },
  });
}

/** A form with one more field, signed as Twilio signs a name that occurs twice. */
function postDoubled(path: string, fields: Fields, [name, value]: readonly [string, string]): Promise<Response> {
  const values = { ...fields, [name]: [...new Set([fields[name] ?? '', value])] };
  const body = `${new URLSearchParams({ ...fields }).toString()}&${new URLSearchParams({ [name]: value }).toString()}`;
  return post(path, fields, { body, signature: twilio.getExpectedTwilioSignature(authToken, publicUrl + path, values) });
}

const inboundPath = '/hooks/twilio/inbound';
const responsesOf = ({ customer }: SentOffer): Promise<object[]> =>
  query(inbound.em(), 'select answer, source, text from response where customer_id = $1 order by id', [customer.id]);
const countResponses = async (): Promise<unknown> => (await query(inbound.em(), 'select count(*) from response'))[0];
const stateOf = async (table: 'offer' | 'message', id: string): Promise<unknown> =>
  (await query(inbound.em(), `select state from ${table} where id = $1`, [id]))[0];

describe('an incoming text', () => {
  it('is answered with empty TwiML, stored and acted upon', async () => {
    const sent = await sendOffer(inbound.em(), 'sms', { locale: 'de' });
    const answer = await post(inboundPath, textFrom(sent.point.address, 'Ja, gerne! 👍'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch('text/xml');
    expect(await answer.text()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    expect(await responsesOf(sent)).toEqual([{ answer: 'accepted', source: 'twilio', text: 'Ja, gerne! 👍' }]);
    expect(await stateOf('offer', sent.offerId)).toEqual({ state: 'accepted' });
  });

  it('has one effect if it comes ten times at once', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    const fields = textFrom(sent.point.address, 'STOP');
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(inboundPath, fields)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    expect(await responsesOf(sent)).toHaveLength(1);
    expect(
      await query(inbound.em(), 'select granted from consent_event where customer_id = $1 order by at, id', [sent.customer.id]),
    ).toEqual([{ granted: true }, { granted: false }]);
  });

  it.each([
    ['Mexico, by WhatsApp', 'whatsapp', '+525512345678', '+5215512345678'],
    ['Mexico, stored as it once was', 'sms', '+5215587654321', '+525587654321'],
    ['Argentina', 'whatsapp', '+541123456789', '+5491123456789'],
    ['Brazil without its ninth digit', 'whatsapp', '+5511987654321', '+551187654321'],
    ['Benin before 2024', 'sms', '+2290197123456', '+22997123456'],
  ] as const)('STOP counts for a line in every spelling: %s', async (_, channel, stored, from) => {
    const customer = await makeCustomer(inbound.em());
    const point = await makeContactPoint(inbound.em(), customer.id, channel, { address: stored });
    await post(inboundPath, textFrom(channel === 'whatsapp' ? `whatsapp:${from}` : from, 'STOP'));
    expect(await query(inbound.em(), 'select answer from response where customer_id = $1', [customer.id])).toEqual([{ answer: 'opt-out' }]);
    expect(await query(inbound.em(), 'select reason from suppression where address_hash = $1', [point.addressHash])).toHaveLength(1);
    expect(await query(inbound.em(), 'select address from contact_point where id = $1', [point.id])).toEqual([{ address: stored }]);
  });

  it('is an opt-out if Twilio itself read it as one', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    await post(inboundPath, textFrom(sent.point.address, 'genug jetzt', { OptOutType: 'STOP' }));
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'opt-out' }]);
  });

  it('YES grants no consent', async () => {
    const customer = await makeCustomer(inbound.em());
    const point = await makeContactPoint(inbound.em(), customer.id, 'sms', { consent: false });
    await post(inboundPath, textFrom(point.address, 'YES', { OptOutType: 'START' }));
    expect(await query(inbound.em(), 'select granted from consent_event where customer_id = $1', [customer.id])).toEqual([]);
  });

  it.each(['rcs:+4915100000000', 'messenger:4915177777777'])(
    'on a channel that is not ours is accepted, and nothing is done: %s',
    async (from) => {
      const before = await countResponses();
      expect((await post(inboundPath, textFrom(from, 'STOP'))).status).toBe(200);
      expect(await countResponses()).toEqual(before);
    },
  );

  it('from a stranger is answered too', async () => {
    expect((await post(inboundPath, textFrom('+4915100000000', 'who is this?'))).status).toBe(200);
  });
});

describe('a complete form is accepted, whatever fields Twilio adds', () => {
  const answersOf = async (from: SentOffer, body: string, more: Fields, drop: readonly string[] = []): Promise<[number, unknown]> => {
    const { status } = await post(inboundPath, without(textFrom(from.point.address, body, more), ...drop));
    return [status, await query(inbound.em(), 'select answer, text from response where customer_id = $1 order by id', [from.customer.id])];
  };

  it.each<[string, Fields]>([
    ['the date it was sent', { DateSent: 'Fri, 27 Nov 2026 16:00:00 +0000' }],
    ['an event', { EventType: 'onMessageReceived', Direction: 'inbound', DateCreated: '2026-11-27T16:00:00.000Z' }],
    ['one that nobody has heard of', { CarrierScore: '7', ExtendedData: '{"a":1}', Zulu: '', Alpha: '' }],
    ['words in fields that used to be checked', { AddOns: 'none', ApiVersion: '2030', ChannelMetadata: 'plain', Forwarded: '1' }],
    [
      'an ad that was clicked',
      { ReferralBody: 'From 9.99 a month', ReferralSourceId: '120', ReferralCtwaClid: '', ProfileName: 'From+49 Bern' },
    ],
    ['a picture', { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/x', MediaContentType0: 'image/jpeg' }],
    ['a kind of opt-out that is new', { OptOutType: 'PAUSE' }],
    [
      'a message that is answered',
      { OriginalRepliedMessageSid: `SM${'a'.repeat(32)}`, OriginalRepliedMessageSender: 'whatsapp:+15005550006' },
    ],
  ])('with %s', async (_, more) => {
    const [stopped, taken] = [await sendOffer(inbound.em(), 'sms'), await sendOffer(inbound.em(), 'sms')];
    expect(await answersOf(stopped, 'STOP', more)).toMatchObject([200, [{ answer: 'opt-out' }]]);
    expect(await answersOf(taken, 'Yes please', more)).toMatchObject([200, [{ answer: 'accepted' }]]);
  });

  it.each<[string, Fields]>([
    ['a location', { Latitude: '52.5', Longitude: '13.4', Address: 'Unter den Linden 1, Berlin', Label: 'Home', MessageType: 'location' }],
    ['a picture', { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/x', MediaContentType0: 'image/jpeg', MessageType: 'image' }],
    ['a contact card', { NumMedia: '1', MediaContentType0: 'text/vcard', MessageType: 'contacts' }],
    ['a sticker', { NumMedia: '1', MediaContentType0: 'image/webp', MessageType: 'sticker' }],
  ])('without words: %s, which a person checks', async (_, more) => {
    const sent = await sendOffer(inbound.em(), 'sms');
    expect(await answersOf(sent, '', more, ['Body'])).toEqual([200, [{ answer: 'unclear', text: '' }]]);
  });

  it('without words, by a button with a text', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    expect(await answersOf(sent, '', { ButtonText: 'STOP', ButtonPayload: 'x' }, ['Body'])).toMatchObject([200, [{ answer: 'opt-out' }]]);
  });

  it.each<[string, string]>([
    ['Body', 'STOP'],
    ['AccountSid', accountSid],
    ['NumMedia', '1'],
    ['FromCity', 'Bern'],
    ['SmsStatus', 'new'],
    ['AddOns', ''],
  ])('with a field twice: %s, %j', async (name, value) => {
    const sent = await sendOffer(inbound.em(), 'sms');
    expect((await postDoubled(inboundPath, textFrom(sent.point.address, 'STOP', { AddOns: 'a' }), [name, value])).status).toBe(200);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'opt-out' }]);
  });

  it.each(['Yes, From1 December please', 'From 2026 on, yes', 'Not interested. From:me', 'MessageSid From To Body'])(
    'with words that look like fields: %s',
    async (body) => {
      const sent = await sendOffer(inbound.em(), 'sms');
      expect(await answersOf(sent, body, {})).toMatchObject([200, [{ text: body }]]);
    },
  );
});

describe('the automatic reply', () => {
  const nothing = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
  const say = async (from: string, words: string, more: Fields = {}): Promise<string> =>
    (await post(inboundPath, textFrom(from, words, more))).text();
  const later = (minutes: number): void => inbound.setNow(new Date(testNow.getTime() + minutes * 60_000));

  it('to HELP: the company and how to stop, in the customer’s language, as TwiML', async () => {
    const sent = await sendOffer(inbound.em(), 'sms', { locale: 'de' });
    expect(await say(sent.point.address, 'Hilfe!')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Bits &amp; Bytes: Nachrichten zu Ihrem Vertrag und Angebote. ' +
        'Hilfe: 0800 123. Beenden mit STOP.</Message></Response>',
    );
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'help' }]);
  });

  it('is sent once for each text, however often Twilio asks, and once an hour', async () => {
    const { point, customer } = await sendOffer(inbound.em(), 'sms');
    const fields = textFrom(point.address, 'HELP');
    const answers = await Promise.all(Array.from({ length: 10 }, async () => (await post(inboundPath, fields)).text()));
    expect(answers.filter((answer) => answer !== nothing)).toHaveLength(1);
    later(59);
    expect(await say(point.address, 'info')).toBe(nothing);
    later(60 + 59 + 1);
    expect(await say(point.address, 'info')).toContain('STOP');
    const whatsapp = await makeContactPoint(inbound.em(), customer.id, 'whatsapp');
    expect(await say(`whatsapp:${whatsapp.address}`, 'info')).toContain('STOP');
  });

  it('is left to Twilio if it has answered', async () => {
    const [one, other] = [await sendOffer(inbound.em(), 'sms'), await sendOffer(inbound.em(), 'sms')];
    expect(await say(one.point.address, 'AYUDA', { OptOutType: 'HELP' })).toBe(nothing);
    const byTwilio = await startTestInbound({ env: { PERENNIAL_TWILIO_ANSWERS_HELP: 'true' } });
    try {
      const sms = await sendOffer(byTwilio.em(), 'sms', { locale: 'fr' });
      const whatsapp = await sendOffer(byTwilio.em(), 'whatsapp');
      const ask = async (From: string, words: string): Promise<string> => {
        const fields = textFrom(From, words);
        const headers = { 'x-twilio-signature': sign(inboundPath, fields) };
        return (await fetch(byTwilio.url + inboundPath, { method: 'POST', body: new URLSearchParams({ ...fields }), headers })).text();
      };
      expect(await ask(sms.point.address, ' Help ')).toBe(nothing);
      byTwilio.setNow(new Date(testNow.getTime() + 2 * 3_600_000));
      expect(await ask(sms.point.address, 'aide')).toContain('STOP');
      expect(await ask(`whatsapp:${whatsapp.point.address}`, 'HELP')).toContain('STOP');
    } finally {
      await byTwilio.close();
    }
    expect(await say(other.point.address, 'HELP')).toContain('STOP');
  });

  it('is not sent to a stranger, and not after STOP', async () => {
    expect(await say('+4915100000000', 'HELP')).toBe(nothing);
    const { point } = await sendOffer(inbound.em(), 'sms');
    expect(await say(point.address, 'STOP')).toBe(nothing);
    expect(await say(point.address, 'HELP')).toBe(nothing);
    expect(await say(point.address, 'Could you help me with my bill?')).toBe(nothing);
  });

  it('to a late YES says that it is late; to one in time, or again: nothing', async () => {
    const [taken, over, refused] = [
      await sendOffer(inbound.em(), 'sms'),
      await sendOffer(inbound.em(), 'sms', { locale: 'es' }),
      await sendOffer(inbound.em(), 'whatsapp'),
    ];
    expect([await say(taken.point.address, 'YES'), await say(taken.point.address, 'yes please')]).toEqual([nothing, nothing]);
    await query(inbound.em(), `update offer set expires_at = $2 where id = $1`, [over.offerId, testNow]);
    expect(await say(over.point.address, 'Sí')).toContain('esta oferta ha terminado');
    expect(await stateOf('offer', over.offerId)).toEqual({ state: 'open' });
    await say(`whatsapp:${refused.point.address}`, 'no thanks');
    expect(await say(`whatsapp:${refused.point.address}`, 'yes')).toContain('this offer has ended');
    const stopped = await sendOffer(inbound.em(), 'sms', { offer: { state: 'expired' } });
    await say(stopped.point.address, 'STOP');
    expect(await say(stopped.point.address, 'YES')).toBe(nothing);
  });

  it('is not sent for a YES without an offer', async () => {
    const customer = await makeCustomer(inbound.em());
    const point = await makeContactPoint(inbound.em(), customer.id, 'sms');
    expect(await say(point.address, 'YES')).toBe(nothing);
  });
});

describe('a form is refused', () => {
  afterEach(async () => expect(await countResponses()).toEqual(before));
  let before: unknown;
  beforeEach(async () => {
    before = await countResponses();
  });
  const from = '+4915177777777';

  it('with a wrong signature, as a problem', async () => {
    const answer = await post(inboundPath, textFrom(from, 'STOP'), { signature: 'bm90IGl0' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 403, title: 'Invalid signature' });
  });

  it('a forged X-Forwarded-Host: signed for the address that a header names', async () => {
    const fields = textFrom(from, 'STOP');
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' };
    const signature = twilio.getExpectedTwilioSignature(authToken, `https://evil.example${inboundPath}`, { ...fields });
    expect((await post(inboundPath, fields, { signature, headers })).status).toBe(403);
  });

  it('without a signature, or with one for other fields', async () => {
    const fields = textFrom(from, 'STOP');
    expect((await post(inboundPath, fields, { signature: '' })).status).toBe(403);
    expect((await post(inboundPath, { ...fields, Body: 'YES' }, { signature: sign(inboundPath, fields) })).status).toBe(403);
    expect((await post(`${inboundPath}?a=1`, fields, { signature: sign(inboundPath, fields) })).status).toBe(403);
  });

  it('of another account', async () => {
    expect((await post(inboundPath, textFrom(from, 'STOP', { AccountSid: `AC${'b'.repeat(32)}` }))).status).toBe(403);
  });

  it.each<[string, Fields]>([
    ['no sid', { MessageSid: '' }],
    ['a strange sid', { MessageSid: 'SM1' }],
    ['a sender that is no number', { From: 'EXAMPLE' }],
    ['an empty field of no known name before the sender', { Cut: '' }],
    ['a field before the sender whose name is none', { 'Dont do it': 'off' }],
    ['a field that holds a sender', { Cut: 'offFromEXAMPLE' }],
  ])('with %s', async (_, fields) => {
    expect((await post(inboundPath, textFrom(from, 'STOP', fields))).status).toBe(400);
  });

  it('with bytes that are no UTF-8', async () => {
    const fields = textFrom(from, 'STOP\ufffd');
    const body = new URLSearchParams({ ...fields }).toString().replace('%EF%BF%BD', '\xff');
    expect((await post(inboundPath, fields, { body: Buffer.from(body, 'latin1') })).status).toBe(400);
  });

  it.each<[string, string]>([
    ['Body', 'YES'],
    ['Body', ''],
    ['From', '+4915188888888'],
    ['MessageSid', `SM${'a'.repeat(32)}`],
    ['ButtonText', 'Yes'],
    ['OptOutType', 'START'],
    ['AccountSid', `AC${'b'.repeat(32)}`],
  ])('with a field twice that is acted on, and two values: %s, %j', async (name, value) => {
    const fields = textFrom(from, 'STOP', { OptOutType: 'STOP', ButtonText: 'STOP' });
    expect((await postDoubled(inboundPath, fields, [name, value])).status).toBe(400);
  });

  it('with a field twice, signed for one of them', async () => {
    const fields = textFrom(from, 'STOP');
    const body = `${new URLSearchParams({ ...fields }).toString()}&Alpha=1`;
    expect((await post(inboundPath, fields, { body })).status).toBe(403);
  });

  it('a valid signature over re-split parameters: another sender, a shorter text', async () => {
    const attackers = textFrom(from, 'STOPFrom+4915188888888');
    const rest = without(attackers, 'Body', 'From', 'FromCity');
    const forged: Fields = { ...rest, Body: 'STOP', From: '+4915188888888', FromCity: `From${from}` };
    // The same letters, with an empty field moved: Twilio's own signature fits.
    const renamed: Fields = { ...rest, Body: 'STOP', From: '+4915188888888', [`From${from}FromCity`]: '' };
    expect(sign(inboundPath, renamed)).toBe(sign(inboundPath, attackers));
    expect((await post(inboundPath, renamed)).status).toBe(400);
    expect((await post(inboundPath, forged)).status).toBe(400);

    const long = textFrom(from, 'YESDont');
    const others = without(long, 'Body');
    const short: Fields = { ...others, Body: 'YES', Dont: '' };
    expect(sign(inboundPath, short)).toBe(sign(inboundPath, long));
    expect((await post(inboundPath, short)).status).toBe(400);
  });

  it('a valid signature over re-split parameters: a text made a WhatsApp message of somebody else', async () => {
    const attackers = textFrom(from, 'STOPFromwhatsapp:+4915188888888');
    const renamed: Fields = {
      ...without(attackers, 'Body', 'From', 'FromCity'),
      Body: 'STOP',
      From: 'whatsapp:+4915188888888',
      [`From${from}FromCity`]: '',
    };
    expect(sign(inboundPath, renamed)).toBe(sign(inboundPath, attackers));
    expect((await post(inboundPath, renamed)).status).toBe(400);
  });

  it('longer than 100 kB', async () => {
    expect((await post(inboundPath, textFrom(from, 'a'.repeat(110_000)))).status).toBe(413);
  });
});

describe('a status report', () => {
  const report = (messageId: string, sid: string, status: string, more: Fields = {}): Promise<Response> =>
    post(`/hooks/twilio/status?message=${messageId}`, {
      AccountSid: accountSid,
      MessageSid: sid,
      MessageStatus: status,
      To: '+4915100000001',
      ...more,
    });

  const signalsOf = ({ enrolment }: SentOffer): Promise<object[]> => signalsTo(inbound.em(), enrolment.id);
  const sidOf = ({ messageId }: SentOffer): string => `SM${messageId.replaceAll('-', '')}`;

  it('`delivered` before `sent`, then `failed`: it stays delivered, and the journey gets no failure', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    const reports: [string, Fields?][] = [['delivered'], ['sent'], ['queued'], ['failed', { ErrorCode: '30005' }], ['delivered']];
    for (const [status, more] of reports) {
      expect((await report(sent.messageId, sidOf(sent), status, more)).status).toBe(200);
      expect(await stateOf('message', sent.messageId)).toEqual({ state: 'delivered' });
    }
    expect(await signalsOf(sent)).toEqual([]);
    expect(await query(inbound.em(), 'select dead_at from contact_point where id = $1', [sent.point.id])).toEqual([{ dead_at: null }]);
  });

  it('`failed` before `sent`: it stays failed, and the journey is notified once', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    for (const status of ['failed', 'sent', 'delivered', 'failed']) {
      expect((await report(sent.messageId, sidOf(sent), status, { ErrorCode: '30005' })).status).toBe(200);
    }
    expect(await stateOf('message', sent.messageId)).toEqual({ state: 'rejected' });
    expect(await signalsOf(sent)).toHaveLength(1);
  });

  it('has one effect if it comes ten times at once', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    await Promise.all(Array.from({ length: 10 }, () => report(sent.messageId, sidOf(sent), 'undelivered', { ErrorCode: '30005' })));
    expect(await signalsOf(sent)).toHaveLength(1);
  });

  it('settles a message whose submission had no reply, and notifies the journey of a failure', async () => {
    const sent = await sendOffer(inbound.em(), 'sms', { message: { state: 'unknown', providerId: null } });
    expect((await report(sent.messageId, newSid(), 'undelivered', { ErrorCode: '30005' })).status).toBe(200);
    expect(await stateOf('message', sent.messageId)).toEqual({ state: 'bounced' });
    expect(await signalsOf(sent)).toMatchObject([{ kind: 'message-failed', messageId: sent.messageId }]);
  });

  it('that says nothing new, or names a message that is not ours, changes nothing', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    expect((await report(sent.messageId, newSid(), 'scheduled')).status).toBe(200);
    expect((await report(encodeURIComponent("'; drop table message"), newSid(), 'failed')).status).toBe(200);
    expect(await stateOf('message', sent.messageId)).toEqual({ state: 'accepted' });
  });

  it.each(['rcs:+4915100000001', 'messenger:4915100000001', 'EXAMPLE', ''])('is recorded for every To: %j', async (To) => {
    const [answered, open] = [
      await sendOffer(inbound.em(), 'sms'),
      await sendOffer(inbound.em(), 'whatsapp', { message: { state: 'unknown' } }),
    ];
    await query(inbound.em(), 'update message set provider_id = $2 where id = $1', [answered.messageId, sidOf(answered)]);
    await query(inbound.em(), 'update message set provider_id = null where id = $1', [open.messageId]);
    expect((await report('', sidOf(answered), 'delivered', { To })).status).toBe(200);
    expect((await report(open.messageId, sidOf(open), 'delivered', { To })).status).toBe(200);
    expect([await stateOf('message', answered.messageId), await stateOf('message', open.messageId)]).toEqual(
      Array(2).fill({ state: 'delivered' }),
    );
  });

  it('is recorded without a To, and with new fields and states', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    const path = `/hooks/twilio/status?message=${sent.messageId}`;
    const fields = { AccountSid: accountSid, MessageSid: sidOf(sent) };
    await query(inbound.em(), 'update message set provider_id = null where id = $1', [sent.messageId]);
    for (const MessageStatus of ['Delivered-2', 'constructor', '__proto__', '']) {
      expect((await post(path, { ...fields, MessageStatus })).status).toBe(200);
      expect(await stateOf('message', sent.messageId)).toEqual({ state: 'accepted' });
    }
    expect((await postDoubled(path, { ...fields, MessageStatus: 'delivered', Extra: '' }, ['Extra', '1'])).status).toBe(200);
    expect(await stateOf('message', sent.messageId)).toEqual({ state: 'delivered' });
    expect((await postDoubled(path, { ...fields, MessageStatus: 'delivered' }, ['MessageStatus', 'failed'])).status).toBe(400);
  });

  it('of a mail is not accepted from Twilio', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await query(inbound.em(), 'update message set provider_id = null where id = $1', [sent.messageId]);
    expect((await report(sent.messageId, sidOf(sent), 'failed', { To: 'rcs:+4915100000001' })).status).toBe(200);
    expect(await stateOf('message', sent.messageId)).toEqual({ state: 'accepted' });
  });

  it('is refused if its signature is for another message', async () => {
    const [one, other] = [await sendOffer(inbound.em(), 'sms'), await sendOffer(inbound.em(), 'sms')];
    const fields = { AccountSid: accountSid, MessageSid: newSid(), MessageStatus: 'failed' };
    const signature = sign(`/hooks/twilio/status?message=${one.messageId}`, fields);
    expect((await post(`/hooks/twilio/status?message=${other.messageId}`, fields, { signature })).status).toBe(403);
  });
});

describe('WhatsApp, through the same webhooks', () => {
  const whatsapp = (number: string): string => `whatsapp:${number}`;
  const messageFrom = (number: string, body: string, more: Fields = {}): Fields =>
    textFrom(whatsapp(number), body, {
      To: whatsapp('+15005550006'),
      ChannelMetadata: '{"type":"whatsapp","data":{"context":{}}}',
      MessageType: 'text',
      ProfileName: 'Zoë 👋',
      WaId: number.slice(1),
      ...more,
    });

  it('an answer is stored and handled as one on WhatsApp', async () => {
    const sent = await sendOffer(inbound.em(), 'whatsapp', { locale: 'de' });
    const pressed = { ButtonText: 'Ja', ButtonPayload: 'yes', MessageType: 'button' };
    expect((await post(inboundPath, messageFrom(sent.point.address, 'Ja', pressed))).status).toBe(200);
    expect(await query(inbound.em(), 'select answer, channel from response where customer_id = $1', [sent.customer.id])).toEqual([
      { answer: 'accepted', channel: 'whatsapp' },
    ]);
    expect(await stateOf('offer', sent.offerId)).toEqual({ state: 'accepted' });
  });

  it('STOP ends consent for WhatsApp, and for texts to the same number', async () => {
    const sent = await sendOffer(inbound.em(), 'whatsapp');
    await makeContactPoint(inbound.em(), sent.customer.id, 'sms', { address: sent.point.address });
    await post(inboundPath, messageFrom(sent.point.address, 'stop please'));
    expect(
      await query(
        inbound.em(),
        'select distinct on (channel) channel, granted from consent_event where customer_id = $1 order by channel, at desc, id desc',
        [sent.customer.id],
      ),
    ).toEqual([
      { channel: 'sms', granted: false },
      { channel: 'whatsapp', granted: false },
    ]);
  });

  it('a report is recorded, also that free text came too late', async () => {
    const [read, late] = [
      await sendOffer(inbound.em(), 'whatsapp'),
      await sendOffer(inbound.em(), 'whatsapp', { message: { providerId: null, state: 'unknown' } }),
    ];
    const report = ({ messageId, point }: SentOffer, MessageStatus: string, more: Fields = {}): Promise<Response> =>
      post(`/hooks/twilio/status?message=${messageId}`, {
        AccountSid: accountSid,
        ChannelToAddress: point.address,
        MessageSid: newSid(),
        MessageStatus,
        To: whatsapp(point.address),
        ...more,
      });
    await query(inbound.em(), 'update message set provider_id = null where id = $1', [read.messageId]);
    expect((await report(read, 'read')).status).toBe(200);
    expect(await stateOf('message', read.messageId)).toEqual({ state: 'delivered' });
    expect((await report(late, 'failed', { ErrorCode: '63016' })).status).toBe(200);
    expect(await query(inbound.em(), 'select state, error_class, error_code from message where id = $1', [late.messageId])).toEqual([
      { state: 'rejected', error_class: 'alert', error_code: '63016' },
    ]);
  });
});
