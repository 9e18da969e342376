import { createTransport } from 'nodemailer';
import { replyDomain, startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { testNow } from '../../../../../test/harness/factories.js';
import { sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { startInboundMail, type InboundMail } from './inbound-mail.js';

let inbound: TestInbound;
let mail: InboundMail;
beforeAll(async () => {
  inbound = await startTestInbound();
  mail = await startInboundMail(inbound.mailParts);
});
afterAll(async () => {
  await mail.close();
  await inbound.close();
});

const address = (kind: 'r' | 'b', { messageId }: SentOffer): string =>
  `${kind}+${inbound.context.tokens.sign(kind === 'r' ? 'reply' : 'bounce', messageId)}@${replyDomain}`;

/** Delivers a mail as a mail server does. */
async function deliver({ to, from = '', raw }: { to: string; from?: string; raw: string }): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: mail.port, secure: false, ignoreTLS: true });
  await transport.sendMail({ envelope: { from, to: [to] }, raw: raw.replaceAll('\n', '\r\n') }).finally(() => transport.close());
}

const plain = (from: string, subject: string, body: string, headers = ''): string =>
  `From: ${from}\nTo: us\nSubject: ${subject}\nMessage-ID: <${newId()}@example.test>\n${headers}Content-Type: text/plain; charset=utf-8\n\n${body}\n`;
const daemon = 'Mail Delivery System <MAILER-DAEMON@mx.example.test>';

const fateOf = async (sent: SentOffer): Promise<unknown> =>
  (
    await query(
      inbound.em(),
      'select m.state, m.error_class as class, p.dead_at as dead from message m join contact_point p on p.id = m.contact_point_id where m.id = $1',
      [sent.messageId],
    )
  )[0];
const answersOf = async ({ customer }: SentOffer): Promise<string[]> =>
  (await query<{ answer: string }>(inbound.em(), 'select answer from response where customer_id = $1 order by id', [customer.id])).map(
    ({ answer }) => answer,
  );
const tasksOf = ({ customer }: SentOffer): Promise<object[]> =>
  query(inbound.em(), 'select kind from task where customer_id = $1', [customer.id]);
const offerOf = async ({ offerId }: SentOffer): Promise<unknown> =>
  (await query<{ state: string }>(inbound.em(), 'select state from offer where id = $1', [offerId]))[0]?.state;

describe('a report in words only', () => {
  it.each([
    ['a reply of SMTP as plain text', plain('someone@relay.example.test', 'Hello', '550 5.1.1 mailbox does not exist')],
    [
      'qmail',
      plain(
        daemon,
        'failure notice',
        'Hi. This is the qmail-send program at mx.example.test.\n\n<anna@example.test>:\nSorry, no mailbox here by that name. (#5.1.1)',
      ),
    ],
    [
      'Exim',
      plain(
        daemon,
        'Mail delivery failed: returning message to sender',
        'This message was created automatically by mail delivery software.\n\n  anna@example.test\n    Unrouteable address',
        'X-Failed-Recipients: anna@example.test\n',
      ),
    ],
  ])('of %s, at the return path, marks the address as dead', async (_, raw) => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('b', sent), raw: raw.replaceAll('anna@example.test', sent.point.address) });
    expect(await fateOf(sent)).toEqual({ state: 'bounced', class: 'dead-address', dead: testNow });
  });

  it('about somebody else marks nobody', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const body = `The following addresses failed:\n<someone@else.test>: 550 5.1.1 user unknown\n\nDelivered successfully:\n<${sent.point.address}>`;
    await deliver({ to: address('b', sent), raw: plain(daemon, 'Delivery report', body) });
    expect(await fateOf(sent)).toEqual({ state: 'accepted', class: null, dead: null });
  });

  it.each([
    ['a full mailbox', 'Sorry, the mailbox is full. (#5.2.2)', 'refused'],
    ['the recipient’s policy', 'host mx said: 550 5.7.1 Rejected as spam, unknown user reputation', 'alert'],
    ['a passing error', 'host mx said: 450 4.7.1 Greylisted, please try again later. I am giving up.', 'transient'],
  ])('about %s leaves the address alive', async (_, words, errorClass) => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('b', sent), raw: plain(daemon, 'Undelivered Mail Returned to Sender', words) });
    expect(await fateOf(sent)).toEqual({ state: 'bounced', class: errorClass, dead: null });
  });

  it('to postmaster finds its message by the quoted part', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const body = `Your message could not be delivered:\n\n<${sent.point.address}>: 550 5.1.1 User unknown\n\n----- Original message -----\n\n> From: us\n> Message-ID: <${sent.messageId}@${replyDomain}>\n`;
    await deliver({ to: `postmaster@${replyDomain}`, raw: plain(daemon, 'Returned mail: User unknown', body) });
    expect(await fateOf(sent)).toMatchObject({ state: 'bounced', dead: testNow });
  });

  it('is not one if it is a warning, also at the reply address', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = plain(
      daemon,
      'Warning: message delayed 24 hours',
      'A message that you sent has not yet been delivered.\nYou do not need to send it again. No thanks.',
    );
    for (const kind of ['r', 'b'] as const) await deliver({ to: address(kind, sent), raw });
    expect(await fateOf(sent)).toMatchObject({ state: 'accepted', dead: null });
    expect([await answersOf(sent), await offerOf(sent), await tasksOf(sent)]).toEqual([['bounce'], 'open', []]);
  });

  it('that cannot be read leaves one line in the log, without personal data', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const warn = jest.spyOn(inbound.context.log, 'warn');
    await deliver({ to: address('b', sent), raw: plain('anna@example.test', 'Greetings', 'The weather is fine at anna@example.test.') });
    const lines = warn.mock.calls.map((line) => JSON.stringify(line));
    warn.mockRestore();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(sent.messageId);
    expect(lines[0]).not.toContain('anna');
    expect(await fateOf(sent)).toMatchObject({ state: 'accepted', dead: null });
  });

  it('is not accepted from a person who quotes an error', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({
      to: address('r', sent),
      from: 'anna@example.test',
      raw: plain('anna@example.test', 'Re: An offer', 'I wrote to your desk and got 550 5.1.1 user unknown. What now?'),
    });
    expect([await answersOf(sent), await fateOf(sent)]).toEqual([['question'], expect.objectContaining({ state: 'accepted', dead: null })]);
  });
});

describe('a complaint', () => {
  const returned = (sent: SentOffer): string =>
    `From: <offers@example.test>\nMessage-ID: <${sent.messageId}@${replyDomain}>\nSubject: An offer\n\nHello`;
  const mixed = (subject: string, part: string): string =>
    `From: staff@provider.test\nSubject: ${subject}\nMessage-ID: <${newId()}@provider.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: message/rfc822\n\n${part}\n--B--\n`;

  it('in the form of Hotmail ends consent', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = mixed('complaint about message from 192.0.2.9', `X-HmXmrOriginalRecipient: anna@example.test\n${returned(sent)}`);
    await deliver({ to: `feedback@${replyDomain}`, from: 'staff@provider.test', raw });
    expect(await answersOf(sent)).toEqual(['complaint']);
    expect(await query(inbound.em(), 'select reason from suppression where address_hash = $1', [sent.point.addressHash])).toEqual([
      { reason: 'complaint' },
    ]);
  });

  it('that names no message of ours does nothing', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({
      to: `feedback@${replyDomain}`,
      raw: mixed('complaint about message from 192.0.2.9', `X-HmXmrOriginalRecipient: ${sent.point.address}\n\nHello`),
    });
    expect(await answersOf(sent)).toEqual([]);
  });
});

describe('a reply', () => {
  it('of a person whose mail asks machines not to answer counts as a person’s', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const headers = 'X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n';
    await deliver({
      to: address('r', sent),
      from: 'anna@example.test',
      raw: plain('anna@example.test', 'Re: An offer', 'Please stop sending me these emails.', headers),
    });
    expect(await answersOf(sent)).toEqual(['opt-out']);
  });

  it('of an absence without a header does not change the offer or the journey', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const body = 'I am out of the office until 5 December. For urgent matters call me on my mobile. Thanks';
    await deliver({ to: address('r', sent), from: 'anna@example.test', raw: plain('anna@example.test', 'Re: An offer', body) });
    expect([await answersOf(sent), await offerOf(sent), await tasksOf(sent)]).toEqual([['auto-reply'], 'open', []]);
  });
});
