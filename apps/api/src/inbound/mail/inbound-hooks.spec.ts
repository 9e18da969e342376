import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { replyDomain, startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { sendOffer as sendAnOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { openMailWebhooks } from '../../../../../libs/responses/mail/providers/table.js';

const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const snsKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey = 'key-of-the-test';
const topic = 'arn:aws:sns:eu-west-1:123456789012:inbound';
const certificate = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';
/** Real time, which is independent of campaign time. */
const nowMs = Date.parse('2031-05-06T07:08:09Z');

/** The customer has the address from which the mails of this spec come. */
async function sendOffer(...[em, ...rest]: Parameters<typeof sendAnOffer>): Promise<SentOffer> {
  const sent = await sendAnOffer(em, ...rest);
  await query(em, `update contact_point set address = 'customer@example.test' where id = $1`, [sent.point.id]);
  return sent;
}

let inbound: TestInbound;
let fetched: string[];
let world: (url: string) => Promise<string>;
beforeAll(async () => {
  inbound = await startTestInbound({
    env: {
      PERENNIAL_SENDGRID_INBOUND_KEY: sendgridKeys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      PERENNIAL_SES_TOPIC_ARN: topic,
      PERENNIAL_MAILGUN_SIGNING_KEY: signingKey,
    },
    outside: { now: () => nowMs, fetchText: (url) => (fetched.push(url), world(url)) },
  });
});
afterAll(() => inbound.close());
beforeEach(() => {
  fetched = [];
  world = () => Promise.resolve(snsKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString());
});

interface Call {
  readonly path: string;
  readonly body: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
}

async function post({ path, body, headers }: Call): Promise<number> {
  const response = await fetch(`${inbound.url}/hooks/mail/${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const answer = await response.text();
  if (response.status !== 200) expect(JSON.parse(answer)).toMatchObject({ status: response.status });
  return response.status;
}

const replyTo = ({ messageId }: SentOffer): string => `r+${inbound.context.tokens.sign('reply', messageId)}@${replyDomain}`;
const bounceTo = ({ messageId }: SentOffer): string => `b+${inbound.context.tokens.sign('bounce', messageId)}@${replyDomain}`;
const rawMail = (words: string, headers = ''): string =>
  `From: customer@example.test\r\nSubject: Re: An offer\r\nMessage-ID: <${newId()}@example.test>\r\n${headers}Content-Type: text/plain; charset=utf-8\r\n\r\n${words}\r\n`;
const responsesOf = ({ customer }: SentOffer): Promise<{ source: string; answer: string; text: string | null }[]> =>
  query(inbound.em(), 'select source, answer, text from response where customer_id = $1 order by received_at, id', [customer.id]);
const stateOf = async ({ messageId }: SentOffer): Promise<object | undefined> =>
  (await query(inbound.em(), 'select state, error_code as code from message where id = $1', [messageId]))[0];
const written = async (): Promise<unknown> =>
  (
    await query(
      inbound.em(),
      `select (select count(*) from response)::int as responses, (select count(*) from suppression)::int as suppressions`,
    )
  )[0];

/** A form as the providers send it. A part is a field, or a file if it has a media type. */
function multipart(fields: readonly (readonly [name: string, value: string | Buffer, mimeType?: string])[]): {
  body: Buffer;
  type: string;
} {
  const boundary = `xYzZY${randomBytes(8).toString('hex')}`;
  const parts = fields.flatMap(([name, value, mimeType]) => {
    const file = mimeType === undefined ? '' : `; filename="${name}"\r\nContent-Type: ${mimeType}`;
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ];
  });
  return { body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` };
}

describe('a webhook without configuration', () => {
  it('does not exist', async () => {
    const bare = await startTestInbound();
    try {
      for (const path of ['sendgrid', 'ses', 'mailgun', 'constructor', 'smtp']) {
        expect([path, (await fetch(`${bare.url}/hooks/mail/${path}`, { method: 'POST', body: '{}' })).status]).toEqual([path, 404]);
      }
    } finally {
      await bare.close();
    }
  });

  it.each([
    ['none', 'nonsense'],
    ['of another kind', snsKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ])('prevents the start of the process if its key is %s', (_, key) => {
    expect(() => openMailWebhooks({ PERENNIAL_SENDGRID_INBOUND_KEY: key }, { now: () => nowMs, fetchText: world })).toThrow();
  });
});

describe('SendGrid', () => {
  const call = (form: { body: Buffer; type: string }, at = nowMs / 1000, key = sendgridKeys.privateKey): Call => ({
    path: 'sendgrid',
    body: form.body,
    headers: {
      'content-type': form.type,
      'x-twilio-email-event-webhook-timestamp': String(at),
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.concat([Buffer.from(String(at)), form.body]), key).toString('base64'),
    },
  });
  const envelope = (to: string, from = 'customer@example.test'): readonly [string, string] => [
    'envelope',
    JSON.stringify({ to: [to], from }),
  ];
  const raw = (sent: SentOffer, words = 'Yes please'): { body: Buffer; type: string } =>
    multipart([['email', rawMail(words)], envelope(replyTo(sent)), ['subject', 'Re: An offer']]);

  it('delivers a complete mail, once', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const form = raw(sent, 'Oui, ça me va');
    expect(await Promise.all(Array.from({ length: 5 }, () => post(call(form))))).toEqual([200, 200, 200, 200, 200]);
    expect(await responsesOf(sent)).toEqual([{ source: 'sendgrid', answer: 'accepted', text: 'Oui, ça me va' }]);
  });

  it('delivers a parsed mail, in the charsets that it names', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const form = multipart([
      ['headers', `Message-ID: <${newId()}@example.test>\nSubject: Re: An offer\nAuto-Submitted: no\n`],
      ['text', Buffer.from('Non merci, ça suffit', 'latin1')],
      ['subject', 'Re: An offer'],
      ['charsets', JSON.stringify({ text: 'iso-8859-1', subject: 'UTF-8' })],
      envelope(replyTo(sent)),
    ]);
    expect(await post(call(form))).toBe(200);
    expect(await responsesOf(sent)).toMatchObject([{ text: 'Non merci, ça suffit' }]);
  });

  it('delivers a parsed delivery report by its parts', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const status = 'Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; a@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\n';
    const form = multipart([
      ['headers', 'Content-Type: multipart/report; report-type=delivery-status\n'],
      ['text', 'It could not be delivered'],
      ['attachment1', status, 'message/delivery-status'],
      ['attachment2', 'x'.repeat(1000), 'image/png'],
      envelope(bounceTo(sent), ''),
    ]);
    expect(await post(call(form))).toBe(200);
    expect(await stateOf(sent)).toEqual({ state: 'bounced', code: '5.1.1' });
  });

  it('is refused if its signature is wrong, and nothing is written', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const before = await written();
    const good = call(raw(sent));
    const bodyChanged = Buffer.from(good.body);
    bodyChanged[bodyChanged.indexOf('Yes please')] = 'y'.charCodeAt(0);
    const signature = 'x-twilio-email-event-webhook-signature';
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    const wrong: Call[] = [
      { ...good, body: bodyChanged },
      { ...good, headers: { ...good.headers, 'x-twilio-email-event-webhook-timestamp': String(nowMs / 1000 + 1) } },
      { ...good, headers: { ...good.headers, [signature]: '' } },
      { ...good, headers: { ...good.headers, [signature]: 'AAAA' } },
      { ...good, headers: { ...good.headers, [signature]: randomBytes(70).toString('base64') } },
      call(raw(sent), nowMs / 1000, other),
      call(raw(sent), nowMs / 1000 - 4 * 86_400),
      call(raw(sent), nowMs / 1000 + 3_600),
      { path: 'sendgrid', body: '', headers: {} },
    ];
    for (const [index, one] of wrong.entries()) expect([index, await post(one)]).toEqual([index, 403]);
    expect(await written()).toEqual(before);
  });

  it('gets an error about a form that it signed, and never about our own failure', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const form = raw(sent);
    const wrong: [number, { body: Buffer; type: string }][] = [
      [400, multipart([['email', rawMail('yes')]])],
      [400, multipart([['envelope', '{"to":"x"}']])],
      [
        400,
        multipart([
          ['envelope', '[]'],
          ['text', 'x'],
        ]),
      ],
      [400, { body: form.body, type: 'multipart/form-data' }],
      [400, { body: form.body, type: 'application/json' }],
      [400, { body: form.body.subarray(0, form.body.length - 40), type: form.type }],
      [413, multipart([envelope(replyTo(sent)), ['email', 'x'.repeat(6 * 1024 * 1024)]])],
      [413, multipart(Array.from({ length: 200 }, (_, index) => [`f${String(index)}`, 'x'] as const))],
    ];
    for (const [index, [status, one]] of wrong.entries()) expect([index, await post(call(one))]).toEqual([index, status]);
    expect(await post({ path: 'sendgrid', body: Buffer.alloc(11 * 1024 * 1024), headers: {} })).toBe(413);
  });

  it('may deliver mail for an address that is not ours', async () => {
    const before = await written();
    expect(await post(call(multipart([envelope(`info@${replyDomain}`), ['email', rawMail('STOP')]])))).toBe(200);
    expect(await written()).toEqual(before);
  });
});

describe('Mailgun', () => {
  const token = (): string => randomBytes(25).toString('hex');
  const hmac = (timestamp: string, given: string): string =>
    createHmac('sha256', signingKey)
      .update(timestamp + given)
      .digest('hex');
  const signature = (at = String(nowMs / 1000), given = token()): [string, string][] => [
    ['timestamp', at],
    ['token', given],
    ['signature', hmac(at, given)],
  ];
  const form = (fields: readonly (readonly [string, string])[]): Call => ({
    path: 'mailgun',
    body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const parsed = (sent: SentOffer, words = 'no thanks'): [string, string][] => [
    ['recipient', replyTo(sent)],
    ['sender', 'customer@example.test'],
    ['subject', 'Re: An offer'],
    ['body-plain', words],
    ['message-headers', JSON.stringify([['Message-Id', `<${newId()}@example.test>`]])],
  ];

  it('delivers a parsed mail', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await post(form([...parsed(sent, 'Nein danke, schöne Grüße'), ...signature()]))).toBe(200);
    expect(await responsesOf(sent)).toEqual([{ source: 'mailgun', answer: 'declined', text: 'Nein danke, schöne Grüße' }]);
  });

  it('delivers a complete mail in a multipart form', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const { body, type } = multipart([
      ['recipient', replyTo(sent)],
      ['sender', 'a@b.test'],
      ['body-mime', rawMail('Sí, acepto')],
      ...signature(),
    ]);
    expect(await post({ path: 'mailgun', body, headers: { 'content-type': type } })).toBe(200);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'accepted', text: 'Sí, acepto' }]);
  });

  it('has one effect for the same call ten times at once', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const call = form([...parsed(sent), ...signature()]);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => post(call)));
    // A call during the first one is asked to come again.
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    expect(await post(call)).toBe(200);
    expect(await responsesOf(sent)).toHaveLength(1);
  });

  it('is refused if a token comes with another body', async () => {
    const [sent, other] = [await sendOffer(inbound.em(), 'email'), await sendOffer(inbound.em(), 'email')];
    const signed = signature();
    expect(await post(form([...parsed(sent), ...signed]))).toBe(200);
    expect(await post(form([...parsed(other, 'STOP'), ...signed]))).toBe(409);
    expect(await responsesOf(other)).toEqual([]);
  });

  it('may repeat a failed call', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const call = form([...parsed(sent), ...signature()]);
    await query(inbound.em(), 'alter table response rename to response_away');
    try {
      expect(await post(call)).toBeGreaterThanOrEqual(500);
    } finally {
      await query(inbound.em(), 'alter table response_away rename to response');
    }
    expect(await post(call)).toBe(200);
    expect(await responsesOf(sent)).toHaveLength(1);
  });

  it('is refused if its signature is wrong, and nothing is written', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const before = await written();
    const at = String(nowMs / 1000);
    const one = token();
    const wrong: [string, string][][] = [
      [],
      [
        ['timestamp', at],
        ['token', one],
        ['signature', '0'.repeat(64)],
      ],
      [
        ['timestamp', at],
        ['token', one],
        ['signature', hmac(at, one).slice(1)],
      ],
      [
        ['timestamp', at],
        ['token', token()],
        ['signature', hmac(at, one)],
      ],
      // The same bytes, divided differently.
      [
        ['timestamp', at.slice(0, -1)],
        ['token', at.slice(-1) + one],
        ['signature', hmac(at, one)],
      ],
      signature(String(nowMs / 1000 - 13 * 3_600)),
      signature(String(nowMs / 1000 + 3_600)),
    ];
    for (const [index, signed] of wrong.entries()) expect([index, await post(form([...parsed(sent), ...signed]))]).toEqual([index, 403]);
    expect(await written()).toEqual(before);
  });

  it('gets an error about a form that it signed', async () => {
    expect(await post(form([['message-headers', '{"a":1}'], ...signature()]))).toBe(400);
    expect(await post(form([['message-headers', 'x'], ...signature()]))).toBe(400);
    expect(await post(form(signature()))).toBe(200); // to nobody
  });
});

describe('SES by SNS', () => {
  interface Sns {
    readonly [name: string]: string;
  }
  const text = (message: Sns): string =>
    (message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    )
      .filter((name) => message[name] !== undefined)
      .map((name) => `${name}\n${message[name] ?? ''}\n`)
      .join('');
  const sns = (fields: Sns, key = snsKeys.privateKey): Call => {
    const message: Sns = {
      Type: 'Notification',
      MessageId: newId(),
      TopicArn: topic,
      Message: '{}',
      Timestamp: '2031-05-06T07:08:09.000Z',
      SignatureVersion: '2',
      SigningCertURL: certificate,
      ...fields,
    };
    const digest = message['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
    const signature = sign(digest, Buffer.from(text(message)), key).toString('base64');
    return {
      path: 'ses',
      body: JSON.stringify({ Signature: signature, ...message }),
      headers: { 'content-type': 'text/plain; charset=UTF-8' },
    };
  };
  const received = (sent: SentOffer, content: string): string =>
    JSON.stringify({
      notificationType: 'Received',
      receipt: { recipients: [replyTo(sent)], action: { type: 'SNS', topicArn: topic } },
      mail: { messageId: `ses-${newId()}`, source: 'customer@example.test', destination: [replyTo(sent)] },
      content,
    });
  const about = (sent: SentOffer, more: object, headers?: object[], source = bounceTo(sent)): string =>
    JSON.stringify({ mail: { messageId: `ses-${newId()}`, source, headers }, ...more });

  it.each([
    ['1', 'utf8'],
    ['2', 'base64'],
  ] as const)('delivers a mail, signed in version %s, in %s', async (SignatureVersion, encoding) => {
    const sent = await sendOffer(inbound.em(), 'email');
    const content = Buffer.from(rawMail('Ja, gerne')).toString(encoding);
    const call = sns({ SignatureVersion, Subject: 'Amazon SES Email Receipt Notification', Message: received(sent, content) });
    expect(await Promise.all([post(call), post(call)])).toEqual([200, 200]);
    expect(await responsesOf(sent)).toEqual([{ source: 'ses', answer: 'accepted', text: 'Ja, gerne' }]);
  });

  it('reports bounces, deliveries and complaints of mails that it sent', async () => {
    const [bounced, soft, delivered, complained, spared] = await Promise.all(
      Array.from({ length: 5 }, () => sendOffer(inbound.em(), 'email')),
    );
    if (!bounced || !soft || !delivered || !complained || !spared) throw new Error('Too few');
    const recipient = {
      emailAddress: 'jane@example.com',
      status: '5.1.1',
      action: 'failed',
      diagnosticCode: 'smtp; 550 5.1.1 user unknown',
    };
    const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient] };
    const complaint = { feedbackId: newId(), complainedRecipients: [{ emailAddress: 'a@b.test' }], complaintFeedbackType: 'abuse' };
    const ownHeaders = [{ name: 'Message-ID', value: `<${soft.messageId}@${replyDomain}>` }];
    const messages = [
      about(bounced, { notificationType: 'Bounce', bounce }),
      about(soft, { notificationType: 'Bounce', bounce: { bounceType: 'Transient', bouncedRecipients: [{}] } }, ownHeaders, 'x@x.test'),
      about(delivered, { eventType: 'Delivery', delivery: {} }),
      about(complained, { notificationType: 'Complaint', complaint }),
      about(spared, { notificationType: 'Complaint', complaint: { ...complaint, complaintFeedbackType: 'not-spam' } }),
    ];
    for (const Message of [...messages, ...messages]) expect(await post(sns({ Message }))).toBe(200);
    expect(await stateOf(bounced)).toEqual({ state: 'bounced', code: '5.1.1' });
    expect(await stateOf(soft)).toEqual({ state: 'bounced', code: '4.0.0' });
    expect(await stateOf(delivered)).toMatchObject({ state: 'delivered' });
    expect(
      await query(inbound.em(), 'select answer, because, message_id as message from response where customer_id = $1', [
        complained.customer.id,
      ]),
    ).toEqual([{ answer: 'complaint', because: 'feedback report', message: complained.messageId }]);
    expect(await query(inbound.em(), 'select reason from suppression where address_hash = $1', [complained.point.addressHash])).toEqual([
      { reason: 'complaint' },
    ]);
    expect(await responsesOf(spared)).toEqual([]);
  });

  it('gets its subscription confirmed, only for our topic and only at Amazon', async () => {
    const SubscribeURL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const confirmation = { Type: 'SubscriptionConfirmation', Token: 't', Message: 'You have chosen to subscribe', SubscribeURL };
    expect(await post(sns(confirmation))).toBe(200);
    expect(fetched.at(-1)).toBe(SubscribeURL);
    fetched = [];
    const elsewhere = [
      'https://evil.test/',
      'http://sns.eu-west-1.amazonaws.com/',
      'https://sns.eu-west-1.amazonaws.com.evil.test/',
      'https://169.254.169.254/',
      'https://sns.s3.amazonaws.com/',
      'https://sns.s3-eu-west-1.amazonaws.com/',
    ];
    for (const url of elsewhere) expect([url, await post(sns({ ...confirmation, SubscribeURL: url }))]).toEqual([url, 400]);
    expect(await post(sns({ ...confirmation, TopicArn: `${topic}-other` }))).toBe(403);
    expect(fetched.filter((url) => url !== certificate)).toEqual([]);
  });

  it('makes us fetch its certificate once, and only from Amazon', async () => {
    const own = 'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-2.pem';
    const official = 'https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-2.pem';
    for (let time = 0; time < 3; time++) expect(await post(sns({ SigningCertURL: own }))).toBe(200);
    expect(await post(sns({ SigningCertURL: official }))).toBe(200);
    expect(fetched).toEqual([own, official]);
    fetched = [];
    const elsewhere = [
      'http://sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com.evil.test/a.pem',
      'https://evil.test/sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com@evil.test/a.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
      'https://somebody@sns.eu-west-1.amazonaws.com/a.pem',
      'https://sns.eu-west-1.amazonaws.com/a.crt',
      'https://s3.eu-west-1.amazonaws.com/a.pem',
      'https://sns.s3.amazonaws.com/a.pem',
      'https://sns.s3-eu-west-1.amazonaws.com/a.pem',
      'https://sns.s3-accelerate.amazonaws.com/a.pem',
      'https://x.sns.eu-west-1.amazonaws.com/a.pem',
      'nonsense',
    ];
    for (const url of elsewhere) expect([url, await post(sns({ SigningCertURL: url }))]).toEqual([url, 403]);
    expect(fetched).toEqual([]);
  });

  it('is asked to come again while a certificate cannot be fetched', async () => {
    const SigningCertURL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-3.pem';
    world = () => Promise.reject(new Error('down'));
    expect(await post(sns({ SigningCertURL }))).toBe(503);
    world = () => Promise.resolve('no certificate');
    expect(await post(sns({ SigningCertURL }))).toBe(503);
    world = () => Promise.resolve(snsKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString());
    expect(await post(sns({ SigningCertURL }))).toBe(200);
  });

  it('is refused if its signature is wrong, and nothing is written', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const before = await written();
    const Message = received(sent, rawMail('STOP'));
    const change = (call: Call, to: object): Call => ({
      ...call,
      body: JSON.stringify({ ...(JSON.parse(String(call.body)) as object), ...to }),
    });
    const good = sns({ Message });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const wrong = [
      change(good, { Message: Message.replace('STOP', 'stop') }),
      change(good, { MessageId: newId() }),
      change(good, { Subject: 'added' }),
      change(good, { SignatureVersion: '1' }),
      change(good, { Type: 'UnsubscribeConfirmation', Token: 't', SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/' }),
      change(good, { Signature: '' }),
      change(good, { Signature: 'AAAA' }),
      sns({ Message }, other),
      sns({ Message, TopicArn: topic.replace('inbound', 'other') }),
    ];
    for (const [index, call] of wrong.entries()) expect([index, await post(call)]).toEqual([index, 403]);
    expect(await written()).toEqual(before);
  });

  it('gets an error about what it signed, and never about our own failure', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    for (const body of ['', '{', '[]', 'null', '{"Type":"Notification"}']) {
      expect([body, await post({ path: 'ses', body, headers: {} })]).toEqual([body, 400]);
    }
    for (const Message of [
      '{"notificationType":"Received"}',
      '{"notificationType":"Bounce","bounce":{}}',
      JSON.stringify({ notificationType: 'Complaint', mail: { messageId: 'a\0b' }, complaint: { feedbackId: 'x' } }),
    ]) {
      expect([Message, await post(sns({ Message }))]).toEqual([Message, 400]);
    }
    for (const Message of ['Successfully validated SNS topic', '{"notificationType":"constructor"}', '{"notificationType":"Open"}', '1']) {
      expect([Message, await post(sns({ Message }))]).toEqual([Message, 200]);
    }
    expect(await post(sns({ Message: about(sent, { notificationType: 'Delivery' }, [], 'nobody@x.test') }))).toBe(200);
    expect(await stateOf(sent)).toMatchObject({ state: 'accepted' });
  });
});
