import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { replyDomain, startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { openMailWebhooks } from '../../../../../libs/responses/mail/providers/table.js';
import { signalsTo } from '../../../../../test/harness/signals.js';

const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const inboundKeys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const publicKeyOf = (pair: typeof keys): string => pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const signingKey = 'key-of-the-test';
/** Real time, which is independent of campaign time. */
const nowMs = Date.parse('2031-05-06T07:08:09Z');

let inbound: TestInbound;
beforeAll(async () => {
  inbound = await startTestInbound({
    env: {
      PERENNIAL_SENDGRID_INBOUND_KEY: publicKeyOf(inboundKeys),
      PERENNIAL_SENDGRID_EVENTS_KEY: publicKeyOf(keys),
      PERENNIAL_MAILGUN_SIGNING_KEY: signingKey,
    },
    outside: { now: () => nowMs, fetchText: () => Promise.reject(new Error('nobody is asked')) },
  });
});
afterAll(() => inbound.close());

async function post(hook: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(`${inbound.url}/hooks/mail/${hook}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const answer = await response.text();
  if (response.status !== 200) expect(JSON.parse(answer)).toMatchObject({ status: response.status });
  return response.status;
}

const offers = (count: number): Promise<SentOffer[]> => Promise.all(Array.from({ length: count }, () => sendOffer(inbound.em(), 'email')));
const stateOf = async ({ messageId }: SentOffer): Promise<object | undefined> =>
  (await query(inbound.em(), 'select state, error_class as class, error_code as code from message where id = $1', [messageId]))[0];
const deadAt = async ({ point }: SentOffer): Promise<unknown> =>
  (await query<{ dead: boolean }>(inbound.em(), 'select dead_at is not null as dead from contact_point where id = $1', [point.id]))[0]
    ?.dead;
const responsesOf = ({ customer }: SentOffer): Promise<object[]> =>
  query(inbound.em(), 'select source, answer, because from response where customer_id = $1 order by id', [customer.id]);
const suppressionsOf = ({ point }: SentOffer): Promise<object[]> =>
  query(inbound.em(), 'select reason from suppression where address_hash = $1', [point.addressHash]);
const signalsOf = ({ enrolment }: SentOffer): Promise<object[]> => signalsTo(inbound.em(), enrolment.id);
const written = async (): Promise<unknown> =>
  (
    await query(
      inbound.em(),
      `select (select count(*) from response)::int as responses, (select count(*) from suppression)::int as suppressions,
         (select count(*) from message where state <> 'accepted')::int as moved`,
    )
  )[0];

describe('SendGrid’s events', () => {
  const signed = (body: string, at = String(nowMs / 1000), key = keys.privateKey): Readonly<Record<string, string>> => ({
    'x-twilio-email-event-webhook-timestamp': at,
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(at + body), key).toString('base64'),
  });
  const hand = (...events: readonly unknown[]): Promise<number> => {
    const body = JSON.stringify(events);
    return post('sendgrid-events', body, signed(body));
  };
  const about = ({ messageId }: SentOffer, event: string, more: object = {}): Record<string, unknown> => ({
    email: 'customer@example.test',
    timestamp: nowMs / 1000,
    'smtp-id': `<${messageId}@${replyDomain}>`,
    event,
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
    ...more,
  });

  it('settle messages, many in one call, and the same call again changes nothing', async () => {
    const [sent, slow, back, blocked, dropped, spam, unsubscribed] = await offers(7);
    if (!sent || !slow || !back || !blocked || !dropped || !spam || !unsubscribed) throw new Error('Too few');
    await query(inbound.em(), `update message set state = 'unknown', error_class = 'ambiguous', provider_id = null where id = $1`, [
      slow.messageId,
    ]);
    const batch = [
      about(sent, 'processed'),
      about(sent, 'delivered', { response: '250 OK' }),
      about(sent, 'open', { useragent: 'x' }),
      about(slow, 'deferred', { response: '400 try again later', attempt: '5' }),
      about(back, 'bounce', { type: 'bounce', status: '5.0.0', reason: '550 5.1.1 The mailbox is not there' }),
      about(blocked, 'bounce', { type: 'blocked', reason: 'Turned away' }),
      about(dropped, 'dropped', { reason: 'Bounced Address', status: '5.0.0' }),
      about(spam, 'spamreport'),
      about(unsubscribed, 'unsubscribe'),
    ];
    for (let time = 0; time < 2; time++) {
      expect(await hand(...batch)).toBe(200);
      expect(await stateOf(sent)).toEqual({ state: 'delivered', class: null, code: null });
      expect(await stateOf(slow)).toMatchObject({ state: 'accepted' });
      expect([await stateOf(back), await deadAt(back)]).toEqual([{ state: 'bounced', class: 'dead-address', code: '5.1.1' }, true]);
      expect([await stateOf(blocked), await deadAt(blocked)]).toEqual([{ state: 'bounced', class: 'transient', code: '4.0.0' }, false]);
      expect(await stateOf(dropped)).toEqual({ state: 'rejected', class: 'dead-address', code: 'dropped-bounced-address' });
      expect(await deadAt(dropped)).toBe(true);
      expect(await responsesOf(spam)).toEqual([{ source: 'sendgrid', answer: 'complaint', because: 'feedback report' }]);
      expect(await suppressionsOf(spam)).toEqual([{ reason: 'complaint' }]);
      expect(await responsesOf(unsubscribed)).toMatchObject([{ source: 'sendgrid', answer: 'opt-out' }]);
      for (const one of [back, blocked, dropped, spam, unsubscribed]) expect(await signalsOf(one)).toHaveLength(1);
    }
  });

  it('have one effect if they come ten times at once', async () => {
    const [back, spam] = await offers(2);
    if (!back || !spam) throw new Error('Too few');
    const batch = [about(back, 'bounce', { status: '5.1.1', reason: '', type: 'bounce' }), about(spam, 'spamreport')];
    expect(await Promise.all(Array.from({ length: 10 }, () => hand(...batch)))).toEqual(Array<number>(10).fill(200));
    expect([await signalsOf(back), await signalsOf(spam), await responsesOf(spam)].map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('that cannot be read do not block the others', async () => {
    const [sent] = await offers(1);
    if (!sent) throw new Error('Too few');
    const strange = [null, 7, 'delivered', {}, { event: 'constructor', sg_event_id: 'x' }, { event: 'bounce' }, about(sent, '__proto__')];
    const odd = [about(sent, 'bounce', { sg_event_id: 'a\u0000b' }), about(sent, 'dropped', { sg_event_id: 5 })];
    const foreign = { ...about(sent, 'bounce'), 'smtp-id': `<${sent.messageId}@elsewhere.example>` };
    expect(await hand(...strange, ...odd, foreign, { ...foreign, 'smtp-id': '\u0000' }, about(sent, 'delivered'))).toBe(200);
    expect(await stateOf(sent)).toMatchObject({ state: 'delivered' });
    expect(await hand()).toBe(200);
  });

  it('end consent if the address is on one of SendGrid’s suppression lists', async () => {
    const [spam, unsubscribed] = await offers(2);
    if (!spam || !unsubscribed) throw new Error('Too few');
    await hand(
      about(spam, 'dropped', { reason: 'Spam Reporting Address' }),
      about(unsubscribed, 'dropped', { reason: 'Unsubscribed Address' }),
    );
    for (const one of [spam, unsubscribed]) {
      expect(await stateOf(one)).toMatchObject({ state: 'rejected', class: 'opt-out' });
      expect(await suppressionsOf(one)).toHaveLength(1);
    }
  });

  it('end consent if the customer unsubscribed from a group', async () => {
    const [unsubscribed] = await offers(1);
    if (!unsubscribed) throw new Error('Too few');
    await hand(about(unsubscribed, 'group_unsubscribe', { asm_group_id: 1 }));
    expect(await responsesOf(unsubscribed)).toMatchObject([{ source: 'sendgrid', answer: 'opt-out' }]);
    expect(await suppressionsOf(unsubscribed)).toEqual([{ reason: 'opt-out' }]);
  });

  it('are refused if the signature is wrong, and nothing is written', async () => {
    const [sent] = await offers(1);
    if (!sent) throw new Error('Too few');
    const before = await written();
    const body = JSON.stringify([about(sent, 'spamreport')]);
    const at = nowMs / 1000;
    const wrong: [string, Readonly<Record<string, string>>][] = [
      [body, {}],
      [`${body} `, signed(body)],
      [body, { ...signed(body), 'x-twilio-email-event-webhook-timestamp': String(at + 1) }],
      [body, { ...signed(body), 'x-twilio-email-event-webhook-signature': 'AAAA' }],
      // The key of the other webhook of the same provider.
      [body, signed(body, String(at), inboundKeys.privateKey)],
      [body, signed(body, String(at - 4 * 86_400))],
      [body, signed(body, String(at + 3_600))],
    ];
    for (const [index, [text, headers]] of wrong.entries()) {
      expect([index, await post('sendgrid-events', text, headers)]).toEqual([index, 403]);
    }
    for (const text of ['', '{}', '[', 'null', '"x"'])
      expect([text, await post('sendgrid-events', text, signed(text))]).toEqual([text, 400]);
    const large = 'x'.repeat(11 * 1024 * 1024);
    expect(await post('sendgrid-events', large, {})).toBe(413);
    expect(await written()).toEqual(before);
  });

  it('need a valid key, and do not exist without one', () => {
    const outside = { now: () => nowMs, fetchText: () => Promise.resolve('') };
    const opened = (key: string | undefined) => openMailWebhooks({ PERENNIAL_SENDGRID_EVENTS_KEY: key }, outside);
    expect([...opened(undefined).keys()]).not.toContain('sendgrid-events');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(() => opened(rsa)).toThrow('PERENNIAL_SENDGRID_EVENTS_KEY is not a public key');
  });
});

describe('Mailgun’s webhooks', () => {
  const sealed = (at = String(nowMs / 1000), token = randomBytes(25).toString('hex')): object => ({
    timestamp: at,
    token,
    signature: createHmac('sha256', signingKey)
      .update(at + token)
      .digest('hex'),
  });
  const about = ({ messageId }: SentOffer, event: string, more: object = {}): Record<string, unknown> => ({
    id: randomBytes(16).toString('base64url'),
    timestamp: nowMs / 1000 + 0.5,
    'log-level': 'info',
    event,
    envelope: { transport: 'smtp', sender: 'somebody@example.test', targets: 'customer@example.test' },
    message: { headers: { to: 'customer@example.test', 'message-id': `${messageId}@${replyDomain}` }, attachments: [], size: 111 },
    recipient: 'customer@example.test',
    ...more,
  });
  const hand = (data: unknown, signature = sealed()): Promise<number> =>
    post('mailgun-events', JSON.stringify({ signature, 'event-data': data }));

  it('settle messages', async () => {
    const [sent, slow, back, listed, refused, spam, unsubscribed] = await offers(7);
    if (!sent || !slow || !back || !listed || !refused || !spam || !unsubscribed) throw new Error('Too few');
    await query(inbound.em(), `update message set state = 'unknown', error_class = 'ambiguous', provider_id = null where id = $1`, [
      slow.messageId,
    ]);
    const full = { code: 552, 'enhanced-code': '', message: '552 5.2.2 The mailbox is full', 'attempt-no': 1 };
    const suppressed = { code: 605, message: '', description: 'Not delivering to previously bounced address' };
    const events = [
      about(sent, 'accepted'),
      about(sent, 'delivered', { 'delivery-status': { code: 250, message: 'OK' } }),
      about(sent, 'opened'),
      about(slow, 'failed', { severity: 'temporary', reason: 'generic', 'delivery-status': { code: 451, message: null } }),
      about(back, 'failed', { severity: 'permanent', reason: 'bounce', 'delivery-status': full }),
      about(listed, 'failed', { severity: 'permanent', reason: 'suppress-bounce', 'delivery-status': suppressed }),
      about(refused, 'rejected', { reject: { reason: 'Sandbox', description: '' } }),
      about(spam, 'complained', { envelope: { 'sending-ip': '192.0.2.1' } }),
      about(unsubscribed, 'unsubscribed'),
    ];
    // The second time as new calls: the events are known by their own ids.
    for (const event of [...events, ...events]) expect(await hand(event)).toBe(200);
    expect(await stateOf(sent)).toMatchObject({ state: 'delivered' });
    expect(await stateOf(slow)).toMatchObject({ state: 'accepted' });
    expect([await stateOf(back), await deadAt(back)]).toEqual([{ state: 'bounced', class: 'refused', code: '5.2.2' }, false]);
    expect([await stateOf(listed), await deadAt(listed)]).toEqual([
      { state: 'rejected', class: 'dead-address', code: 'suppress-bounce' },
      true,
    ]);
    expect(await stateOf(refused)).toMatchObject({ state: 'rejected', class: 'refused' });
    expect(await responsesOf(spam)).toEqual([{ source: 'mailgun', answer: 'complaint', because: 'feedback report' }]);
    expect(await responsesOf(unsubscribed)).toMatchObject([{ source: 'mailgun', answer: 'opt-out' }]);
    for (const one of [back, listed, refused, spam, unsubscribed]) expect(await signalsOf(one)).toHaveLength(1);
  });

  it('give the cause of a bounce by the field with the code; without a code, no address is dead', async () => {
    const [coded, silent] = await offers(2);
    if (!coded || !silent) throw new Error('Too few');
    const status = { code: 550, 'enhanced-code': '5.1.1', message: 'No' };
    await hand(about(coded, 'failed', { severity: 'permanent', reason: 'bounce', 'delivery-status': status }));
    await hand(about(silent, 'failed', { severity: 'permanent', reason: 'generic' }));
    expect([await stateOf(coded), await deadAt(coded)]).toEqual([{ state: 'bounced', class: 'dead-address', code: '5.1.1' }, true]);
    expect([await stateOf(silent), await deadAt(silent)]).toEqual([{ state: 'bounced', class: 'refused', code: '5.0.0' }, false]);
  });

  it('find the message by its return path, if the Message-ID is a different one', async () => {
    const [sent] = await offers(1);
    if (!sent) throw new Error('Too few');
    const sender = `b+${inbound.context.tokens.sign('bounce', sent.messageId)}@${replyDomain}`;
    await hand(about(sent, 'delivered', { envelope: { sender }, message: { headers: { 'message-id': `${newId()}@mailgun.test` } } }));
    expect(await stateOf(sent)).toMatchObject({ state: 'delivered' });
  });

  it('are refused if the signature is wrong, or its token comes with another body', async () => {
    const [sent, other] = await offers(2);
    if (!sent || !other) throw new Error('Too few');
    const before = await written();
    const at = nowMs / 1000;
    const wrong = [
      {},
      { ...sealed(), token: randomBytes(25).toString('hex') },
      { ...sealed(), signature: '0'.repeat(64) },
      sealed(String(at - 13 * 3_600)),
      sealed(String(at + 3_600)),
    ];
    const answers = await Promise.all(wrong.map((signature) => hand(about(sent, 'complained'), signature)));
    expect(answers).toEqual([400, 403, 403, 403, 403]);
    expect(await written()).toEqual(before);

    const signature = sealed();
    const event = about(sent, 'delivered');
    expect([await hand(event, signature), await hand(event, signature)]).toEqual([200, 200]);
    expect(await hand(about(other, 'complained'), signature)).toBe(409);
    expect(await responsesOf(other)).toEqual([]);
  });

  it('that cannot be read do nothing', async () => {
    const [sent] = await offers(1);
    if (!sent) throw new Error('Too few');
    const strange = [
      null,
      [],
      'x',
      {},
      about(sent, 'constructor'),
      about(sent, 'complained', { id: 7 }),
      about(sent, 'failed', { severity: {} }),
    ];
    for (const [index, event] of strange.entries()) expect([index, await hand(event)]).toEqual([index, 200]);
    for (const text of ['', '[]', '{', 'null']) expect([text, await post('mailgun-events', text)]).toEqual([text, 400]);
    expect(await responsesOf(sent)).toEqual([]);
    expect(await stateOf(sent)).toMatchObject({ state: 'accepted' });
  });
});
