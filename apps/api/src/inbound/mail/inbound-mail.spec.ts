import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { day, testNow } from '../../../../../test/harness/factories.js';
import { replyDomain, startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { waitFor } from '../../../../../test/harness/wait-for.js';
import { sendOffer as sendAnOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { readPolicyTables } from '../../../../../libs/messaging/contact-policy/policy-tables.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { replyToTask } from '../../../../../libs/responses/desk-reply.js';
import { startInboundMail, type InboundMail } from './inbound-mail.js';
import { signalsTo } from '../../../../../test/harness/signals.js';

/** The customer has the address from which the mails of this spec come. */
async function sendOffer(...[em, ...rest]: Parameters<typeof sendAnOffer>): Promise<SentOffer> {
  const sent = await sendAnOffer(em, ...rest);
  await query(em, `update contact_point set address = 'customer@example.test' where id = $1`, [sent.point.id]);
  return sent;
}

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

interface Sent {
  readonly to: string | string[];
  readonly from?: string;
  readonly raw: string;
  readonly port?: number;
}

/** Delivers a mail as a mail server does. @returns the last reply */
async function deliver({ to, from = 'customer@example.test', raw, port = mail.port }: Sent): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to }, raw: raw.replaceAll('\n', '\r\n') });
    return response;
  } catch (error) {
    return (error as { response?: string }).response ?? String(error);
  } finally {
    transport.close();
  }
}

const plain = (body: string, headers = ''): string =>
  `From: customer@example.test\nTo: us\nSubject: Re: An offer for you\nMessage-ID: <${newId()}@example.test>\n${headers}Content-Type: text/plain; charset=utf-8\n\n${body}\n`;

const responsesOf = ({ customer }: SentOffer): Promise<{ answer: string; text: string | null }[]> =>
  query(inbound.em(), `select answer, text from response where customer_id = $1 and source = 'smtp' order by id`, [customer.id]);
const messageOf = async ({ messageId }: SentOffer): Promise<unknown> =>
  (await query(inbound.em(), 'select state, error_code as code from message where id = $1', [messageId]))[0];
const offerOf = async ({ offerId }: SentOffer): Promise<unknown> =>
  (await query(inbound.em(), 'select state from offer where id = $1', [offerId]))[0];

function report(action: string, status: string): string {
  return `From: MAILER-DAEMON@mx.example.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I am sorry to inform you. Reply STOP to stop.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test
Arrival-Date: Mon, 2 Mar 2026 12:00:00 +0000

Final-Recipient: rfc822; customer@example.test
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 ${status} no such
  user here
--B
Content-Type: message/rfc822

Subject: An offer for you

Reply STOP to unsubscribe.
--B--
`;
}

describe('a reply by e-mail', () => {
  it('accepts the offer of the message that it answers, and its quotes are ignored', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = plain('Yes please!\n\nOn Mon, 2 Mar 2026 at 10:00, Example wrote:\n> Write STOP to unsubscribe.');
    expect(await deliver({ to: address('r', sent), raw })).toMatch(/^250/);
    expect(await responsesOf(sent)).toEqual([{ answer: 'accepted', text: 'Yes please!' }]);
    expect(await offerOf(sent)).toEqual({ state: 'accepted' });
  });

  it('has one effect for the same inbound message ten times at once', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = plain('Unsubscribe me please');
    const replies = await Promise.all(Array.from({ length: 10 }, () => deliver({ to: address('r', sent), raw })));
    for (const reply of replies) expect(reply).toMatch(/^250/);
    expect(await responsesOf(sent)).toHaveLength(1);
    expect(
      await query(inbound.em(), 'select granted, source from consent_event where customer_id = $1 order by at, id', [sent.customer.id]),
    ).toEqual([
      { granted: true, source: 'import' },
      { granted: false, source: 'reply' },
    ]);
  });

  it('is recognised again without a Message-ID', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = 'Subject: hello\n\nno\n';
    for (let time = 0; time < 2; time++) await deliver({ to: address('r', sent), raw });
    expect(await responsesOf(sent)).toHaveLength(1);
  });

  it('is accepted for the address in any case', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await deliver({ to: address('r', sent).toUpperCase(), raw: plain('no thanks') })).toMatch(/^250/);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'declined' }]);
  });

  it('is read if it has only HTML', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = `Subject: Re: hi
Content-Type: text/html; charset=utf-8

<html><head><style>p { color: red }</style></head><body><p>Ja&nbsp;gerne</p><div class="gmail_quote">STOP</div></body></html>
`;
    await deliver({ to: address('r', sent), raw });
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'accepted' }]);
  });

  describe('with our own words in it', () => {
    const words = 'Thanks, I will think about it over the weekend.';
    const ours = async ({ messageId }: SentOffer): Promise<string> => (await inbound.sentTexts.of(messageId))?.text ?? '';
    const html = (body: string): string => `Subject: Re: An offer\nContent-Type: text/html; charset=utf-8\n\n${body}\n`;

    it.each<[string, (sent: string) => string]>([
      ['a Danish Outlook', (sent) => plain(`${words}\n\nFra: Example\nSendt: 2. marts 2026 10:00\nTil: Ada\nEmne: Et tilbud\n\n${sent}`)],
      [
        'GMX',
        (sent) =>
          html(`<div>${words}</div><div name="quote">Von: us<div name="quoted-content">${sent.replaceAll('\n', '<br>')}</div></div>`),
      ],
      [
        'an Outlook whose sender has no address',
        (sent) => html(`<p>${words}</p><p><b>From:</b> Example<br><b>Sent:</b> Monday<br><b>Subject:</b> Offer</p><p>${sent}</p>`),
      ],
      ['a program in a language that nobody listed', (sent) => plain(`${words}\n\nJe la 2a de marto Example skribis:\n\n${sent}`)],
      ['a program that marks nothing', (sent) => plain(`${words}\n\n${sent.replaceAll('\n\n', '\n')}`)],
    ])('opts nobody out: %s', async (_, mailOf) => {
      const sent = await sendOffer(inbound.em(), 'email');
      const text = await ours(sent);
      expect(text).toMatch(/unsubscribe/i);
      await deliver({ to: address('r', sent), raw: mailOf(text) });
      expect(await responsesOf(sent)).toEqual([{ answer: 'unclear', text: words }]);
    });

    it('opts nobody out if they quote a person at the desk', async () => {
      const sent = await sendOffer(inbound.em(), 'email');
      await deliver({ to: address('r', sent), raw: plain('Does it hold for both lines?') });
      const [task] = await query<{ id: string }>(inbound.em(), 'select id from task where customer_id = $1', [sent.customer.id]);
      const { clock } = inbound.context;
      const text = 'Yes, it holds for both lines.\n\nIf you want to unsubscribe from our offers:\n\nunsubscribe any time';
      const written = { taskId: task?.id ?? '', text, key: newId(), by: 'api-key:of-the-test' };
      const { messageId } = await replyToTask(inbound.em(), written, readPolicyTables(['email']), clock);
      const marksNothing = `${words}\n\n${text}\n\n-- \n${inbound.context.settings.company.name}`;
      await deliver({ to: address('r', { ...sent, messageId }), raw: plain(marksNothing) });
      expect((await responsesOf(sent)).at(-1)).toEqual({ answer: 'unclear', text: words });
      expect(await ours({ ...sent, messageId })).toContain(text);
    });

    it('and without own words of the customer the mail goes to a person', async () => {
      const sent = await sendOffer(inbound.em(), 'email');
      await deliver({ to: address('r', sent), raw: plain(await ours(sent)) });
      expect(await responsesOf(sent)).toEqual([{ answer: 'unclear', text: '' }]);
      expect(await offerOf(sent)).toEqual({ state: 'open' });
    });

    it('hides none of the customer’s', async () => {
      const sent = await sendOffer(inbound.em(), 'email');
      const text = await ours(sent);
      const flowed = plain(`> ${text.split('\n').join(' \n> ')} \nStop\n`).replace('charset=utf-8', 'charset=utf-8; format=flowed');
      const empty = `Subject: Re: An offer\nContent-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n \n--B\nContent-Type: text/html\n\n<p>Stop</p>\n--B--\n`;
      for (const raw of [flowed, empty, plain(`${text}\n\nStop`), html('D&eacute;sabonnez-moi')]) {
        const one = await sendOffer(inbound.em(), 'email');
        await deliver({ to: address('r', one), raw });
        expect(await responsesOf(one)).toMatchObject([{ answer: 'opt-out' }]);
      }
    });
  });

  it('unsubscribes by its subject, as mail programs do', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('r', sent), raw: 'Subject: unsubscribe\n\nunsubscribe\n' });
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'opt-out' }]);
  });

  it('an out-of-office note and a delivery report to a reply address are not answers', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const away = plain('Yes, I am away until Monday. Write STOP to stop.', 'Auto-Submitted: auto-replied\n');
    expect(await deliver({ to: address('r', sent), raw: away })).toMatch(/^250/);
    expect(await deliver({ to: address('r', sent), from: '', raw: report('failed', '5.2.2') })).toMatch(/^250/);
    expect((await responsesOf(sent)).map(({ answer }) => answer)).toEqual(['auto-reply', 'bounce']);
    expect(await messageOf(sent)).toEqual({ state: 'bounced', code: '5.2.2' });
    expect(await offerOf(sent)).toEqual({ state: 'open' });
    expect(await query(inbound.em(), 'select 1 as x from task where customer_id = $1', [sent.customer.id])).toEqual([]);
    expect(await query(inbound.em(), 'select granted from consent_event where customer_id = $1', [sent.customer.id])).toEqual([
      { granted: true },
    ]);
  });

  it.each([
    ['an out-of-office note', 'customer@example.test', 'Auto-Submitted: auto-replied\n'],
    ['a mail with a null return path', '', ''],
  ])('that is %s changes nothing', async (_, from, headers) => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await deliver({ to: address('r', sent), from, raw: plain('yes', headers) })).toMatch(/^250/);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'auto-reply' }]);
    expect(await offerOf(sent)).toEqual({ state: 'open' });
  });
});

describe('a delivery report', () => {
  it('bounces the message, and is not an answer', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await deliver({ to: address('b', sent), from: '', raw: report('failed', '5.1.1') })).toMatch(/^250/);
    expect(await messageOf(sent)).toEqual({ state: 'bounced', code: '5.1.1' });
    expect(await responsesOf(sent)).toEqual([]);
    expect(await signalsTo(inbound.em(), sent.enrolment.id)).toMatchObject([{ kind: 'message-failed', why: 'bounced' }]);
  });

  it.each([
    ['delayed', '4.4.7', 'accepted'],
    ['relayed', '2.0.0', 'accepted'],
    ['expanded', '2.0.0', 'accepted'],
    ['delivered', '2.0.0', 'delivered'],
    ['failed', '4.4.7', 'bounced'],
  ])('with %s %s leaves the message %s, and its address alive', async (action, status, state) => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('b', sent), from: '', raw: report(action, status) });
    expect(await messageOf(sent)).toMatchObject({ state });
    expect(await query(inbound.em(), 'select dead_at from contact_point where id = $1', [sent.point.id])).toEqual([{ dead_at: null }]);
  });

  it('counts for a mail that was sent under another domain', async () => {
    const sent = await sendOffer(inbound.em(), 'email', { message: { providerId: `${newId()}@former.example.test` } });
    await deliver({ to: address('b', sent), from: '', raw: report('failed', '5.1.1') });
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced' });
  });

  it.each(['delayed', 'relayed', 'delivered', 'failed'])('with %s proves that an unknown message was sent', async (action) => {
    const sent = await sendOffer(inbound.em(), 'email', { message: { state: 'unknown', errorClass: 'ambiguous', providerId: null } });
    await deliver({ to: address('b', sent), from: '', raw: report(action, '4.4.7') });
    const states = { delayed: 'accepted', relayed: 'accepted', delivered: 'delivered', failed: 'bounced' };
    expect(await query(inbound.em(), 'select state, settled_by from message where id = $1', [sent.messageId])).toEqual([
      { state: states[action as keyof typeof states], settled_by: 'report' },
    ]);
  });

  it.each(['postmaster', 'ABUSE', 'feedback'])('to %s finds its message by the returned part', async (role) => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = report('failed', '5.1.1').replace(
      'Subject: An offer for you\n\nReply',
      `Message-ID: <${sent.messageId}@${replyDomain}>\n\nReply`,
    );
    expect(await deliver({ to: `${role}@${replyDomain}`, from: '', raw })).toMatch(/^250/);
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced' });
    expect(await query(inbound.em(), 'select dead_at from contact_point where id = $1', [sent.point.id])).toEqual([{ dead_at: testNow }]);
  });

  it('that names no message of ours is accepted and does nothing', async () => {
    expect(await deliver({ to: `postmaster@${replyDomain}`, from: '', raw: report('failed', '5.1.1') })).toMatch(/^250/);
  });

  it('counts at the reply address too, and opts nobody out', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('r', sent), from: '', raw: report('failed', '5.2.2') });
    expect(await messageOf(sent)).toMatchObject({ state: 'bounced' });
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'bounce' }]);
  });

  it('of an answering machine is ignored', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await deliver({ to: address('b', sent), raw: plain('STOP') })).toMatch(/^250/);
    expect(await responsesOf(sent)).toEqual([]);
    expect(await messageOf(sent)).toMatchObject({ state: 'accepted' });
  });
});

describe('a feedback report', () => {
  const feedback = (type: string, { machine = '', returned = '' }: { machine?: string; returned?: string }): string =>
    `From: <feedback@provider.test>
Subject: FW: An offer for you
Message-ID: <${newId()}@provider.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--B
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: SomeGenerator/1.0
Version: 1
${machine}
--B
Content-Type: message/rfc822
Content-Disposition: inline

From: <offers@example.test>
${returned}Subject: An offer for you

Reply STOP to unsubscribe.
--B--
`;
  const tokenOf = (sent: SentOffer): string => inbound.context.tokens.sign('unsubscribe', sent.messageId);
  const suppressed = ({ point }: SentOffer): Promise<object[]> =>
    query(inbound.em(), 'select reason from suppression where address_hash = $1', [point.addressHash]);
  const role = `feedback@${replyDomain}`;

  it.each<[string, (sent: SentOffer) => { to: string; machine?: string; returned?: string }]>([
    ['the address it comes to', (sent) => ({ to: address('b', sent) })],
    ['the return path that it names', (sent) => ({ to: role, machine: `Original-Mail-From: <${address('b', sent)}>\n` })],
    [
      'the link in the List-Unsubscribe',
      (sent) => ({ to: role, returned: `List-Unsubscribe: <https://x.test/u/${tokenOf(sent)}>,\n <mailto:x@x.test>\n` }),
    ],
    [
      'the address in the List-Unsubscribe',
      (sent) => ({ to: role, returned: `List-Unsubscribe: <mailto:${address('r', sent)}?subject=unsubscribe>\n` }),
    ],
    ['the Message-ID', (sent) => ({ to: role, returned: `Message-ID: <${sent.messageId}@${replyDomain}>\n` })],
  ])('finds its message by %s, and ends consent', async (_, of) => {
    const sent = await sendOffer(inbound.em(), 'email');
    const { to, ...parts } = of(sent);
    expect(await deliver({ to, from: '', raw: feedback('abuse', parts) })).toMatch(/^250/);
    expect(
      await query(inbound.em(), 'select answer, because, message_id as message from response where customer_id = $1', [sent.customer.id]),
    ).toEqual([{ answer: 'complaint', because: 'feedback report', message: sent.messageId }]);
    expect(await suppressed(sent)).toEqual([{ reason: 'complaint' }]);
    expect(await signalsTo(inbound.em(), sent.enrolment.id)).toMatchObject([{ kind: 'response', answer: 'complaint' }]);
  });

  it.each([
    ['fraud', [{ reason: 'complaint' }]],
    ['Abuse', [{ reason: 'complaint' }]],
    ['opt-out', [{ reason: 'opt-out' }]],
    ['not-spam', []],
    ['auth-failure', []],
    ['constructor', []],
  ])('of the type %s suppresses %j', async (type, reasons) => {
    const sent = await sendOffer(inbound.em(), 'email');
    await deliver({ to: address('r', sent), from: '', raw: feedback(type, {}) });
    expect(await suppressed(sent)).toEqual(reasons);
    expect(await responsesOf(sent)).toHaveLength(reasons.length);
  });

  it('with a tampered token, a Message-ID of somebody else, or no more than an address, does nothing', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const machine = `Original-Rcpt-To: <${sent.point.address}>\n`;
    const returned = `Message-ID: <${sent.messageId}@elsewhere.test>\nList-Unsubscribe: <https://x.test/u/${tokenOf(sent).slice(0, -1)}>\n`;
    expect(await deliver({ to: role, from: '', raw: feedback('abuse', { machine, returned }) })).toMatch(/^250/);
    expect(await suppressed(sent)).toEqual([]);
  });
});

describe('the inbound SMTP server', () => {
  it('a tampered reply token is refused, for every kind of change', async () => {
    const [sent, other] = [await sendOffer(inbound.em(), 'email'), await sendOffer(inbound.em(), 'email')];
    const token = inbound.context.tokens.sign('reply', sent.messageId);
    const [id = '', mac = ''] = token.split('.');
    const otherMac = inbound.context.tokens.sign('reply', other.messageId).split('.')[1] ?? '';
    const wrong = [
      `${id}.${mac.slice(0, -1)}`, // truncated
      `${id}.${mac}0`, // longer
      `${id}.${mac.slice(0, -1)}${mac.endsWith('0') ? '1' : '0'}`, // one digit changed
      `${id}.${otherMac}`, // another message's mac
      `${other.messageId}.${mac}`, // another message's id
      inbound.context.tokens.sign('bounce', sent.messageId), // made for another purpose
      id,
      `.${mac}`,
      `${id}.`,
      `${id.slice(0, -1)}.${mac}`,
      `${id} .${mac}`,
      `${id}%00.${mac}`,
    ];
    for (const bad of wrong) {
      expect([bad, await deliver({ to: `r+${bad}@${replyDomain}`, raw: plain('yes') })]).toEqual([bad, expect.stringMatching(/^5\d\d/)]);
    }
    expect(await responsesOf(sent)).toEqual([]);
    expect(await responsesOf(other)).toEqual([]);
    // Mail systems change case; that is not tampering.
    expect(await deliver({ to: `R+${token.toUpperCase()}@${replyDomain}`, raw: plain('yes') })).toMatch(/^250/);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'accepted' }]);
  });

  it('accepts ten recipients at a time, and asks the sender to retry the others later', async () => {
    const to = Array.from({ length: 12 }, () => `r+${inbound.context.tokens.sign('reply', newId())}@${replyDomain}`);
    const transport = createTransport({ host: '127.0.0.1', port: mail.port, secure: false, ignoreTLS: true });
    const envelope = { from: 'customer@example.test', to };
    const { accepted, rejectedErrors } = (await transport.sendMail({ envelope, raw: plain('no') })) as {
      accepted: string[];
      rejectedErrors: { responseCode: number }[];
    };
    transport.close();
    expect([accepted.length, rejectedErrors.map(({ responseCode }) => responseCode)]).toEqual([10, [452, 452]]);
  });

  it('accepts mail for no other address', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const good = address('r', sent);
    const wrong = [
      `info@${replyDomain}`,
      good.replace(replyDomain, 'elsewhere.test'),
      good.replace('r+', 'b+'),
      good.replace('r+', 'x+'),
      `r+${sent.messageId}@${replyDomain}`,
    ];
    for (const to of wrong) expect([to, await deliver({ to, raw: plain('yes') })]).toEqual([to, expect.stringMatching(/^550/)]);
    expect(await responsesOf(sent)).toEqual([]);
  });

  it('refuses a too large mail permanently', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect(await deliver({ to: address('r', sent), raw: plain(`yes\n${'a'.repeat(60)}\n`.repeat(100_000)) })).toMatch(/^552/);
    expect(await responsesOf(sent)).toEqual([]);
  });

  it('replies with a temporary error while the database fails, and accepts the same mail later', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const raw = plain('no thanks');
    const { orm } = inbound.context;
    await query(inbound.em(), 'alter table response rename to response_away');
    try {
      expect(await deliver({ to: address('r', sent), raw })).toMatch(/^451/);
    } finally {
      await query(orm.em.fork(), 'alter table response_away rename to response');
    }
    expect(await deliver({ to: address('r', sent), raw })).toMatch(/^250/);
    expect(await responsesOf(sent)).toMatchObject([{ answer: 'declined' }]);
  });

  it('closes after it has received the present mail', async () => {
    const own = await startInboundMail(inbound.mailParts);
    const sent = await sendOffer(inbound.em(), 'email');
    const delivered = deliver({ to: address('r', sent), raw: plain('no'), port: own.port });
    expect(await delivered).toMatch(/^250/);
    await own.close();
    expect(await deliver({ to: address('r', sent), raw: plain('yes'), port: own.port })).toMatch(/ECONNREFUSED/);
  });

  it('disconnects a client that never ends, ignores its mail, and accepts the next', async () => {
    const own = await startInboundMail(inbound.mailParts, 600);
    const sent = await sendOffer(inbound.em(), 'email');
    const client = connect(own.port, '127.0.0.1');
    const closed = new Promise((resolve) => client.once('close', resolve));
    const said: string[] = [];
    client.on('error', () => undefined).on('data', (text) => said.push(String(text)));
    await waitFor(() => said.length > 0);
    client.write(`EHLO slow\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<${address('r', sent)}>\r\nDATA\r\nSubject: yes\r\n\r\nyes`);
    const drip = setInterval(() => client.write('\r\nyes'), 50);
    await closed;
    clearInterval(drip);
    expect(said.join('')).toMatch(/^354/m);
    expect(await responsesOf(sent)).toEqual([]);
    expect(await deliver({ to: address('r', sent), raw: plain('no thanks'), port: own.port })).toMatch(/^250/);
    await own.close();
  });

  it('accepts honest senders while others hold idle connections, from one address or from many', async () => {
    const own = await startInboundMail(inbound.mailParts, 60_000, { most: 12, perAddress: 5 });
    const sent = await sendOffer(inbound.em(), 'email');
    const open = Array.from({ length: 40 }, (_, n) => {
      const client = connect({ port: own.port, host: '127.0.0.1', localAddress: `127.0.0.${n < 20 ? 1 : n}` });
      const said: string[] = [];
      client.on('error', () => undefined).on('data', (text) => said.push(String(text)));
      return { client, said };
    });
    await waitFor(() => open.every(({ client, said }) => said.length > 0 || client.closed));
    expect(open.filter(({ client }) => !client.closed).length).toBeLessThanOrEqual(12);
    expect(open[0]?.said.join('')).toMatch(/^421/m);
    for (let n = 0; n < 8; n += 1) expect(await deliver({ to: address('r', sent), raw: plain(`no ${n}`), port: own.port })).toMatch(/^250/);
    for (const { client } of open) client.destroy();
    await own.close();
  });

  it('accepts honest senders while others hold connections for which they named a role', async () => {
    const own = await startInboundMail(inbound.mailParts, 60_000, { most: 6, perAddress: 2 });
    const sent = await sendOffer(inbound.em(), 'email');
    const open = Array.from({ length: 6 }, (_, n) => {
      const client = connect({ port: own.port, host: '127.0.0.1', localAddress: `127.0.0.${n + 2}` });
      const said: string[] = [];
      client.on('error', () => undefined).on('data', (text) => said.push(String(text)));
      client.once('data', () => client.write(`EHLO x\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<postmaster@${replyDomain}>\r\n`));
      return { client, said };
    });
    await waitFor(() => open.every(({ said }) => (said.join('').match(/Accepted/g) ?? []).length === 2));
    expect(await deliver({ to: address('r', sent), raw: plain('no'), port: own.port })).toMatch(/^250/);
    for (const { client } of open) client.destroy();
    await own.close();
  });

  it('keeps the place of a client that named one of our addresses, and rejects the next', async () => {
    const own = await startInboundMail(inbound.mailParts, 60_000, { most: 12, perAddress: 1 });
    const sent = await sendOffer(inbound.em(), 'email');
    const client = connect(own.port, '127.0.0.1');
    const said: string[] = [];
    client.on('error', () => undefined).on('data', (text) => said.push(String(text)));
    await waitFor(() => said.join('').startsWith('220'));
    client.write('EHLO slow\r\n');
    await waitFor(() => /^250 /m.test(said.join('')));
    client.write(`MAIL FROM:<a@example.test>\r\n`);
    await waitFor(() => said.join('').includes('Accepted'));
    client.write(`RCPT TO:<${address('r', sent)}>\r\n`);
    await waitFor(() => (said.join('').match(/Accepted/g) ?? []).length === 2);
    expect(await deliver({ to: address('r', sent), raw: plain('no'), port: own.port })).toMatch(/^421/);
    client.write('DATA\r\n');
    await waitFor(() => /^354/m.test(said.join('')));
    client.write('From: customer@example.test\r\n\r\nno thanks\r\n.\r\n');
    await waitFor(() => said.join('').includes('Taken'));
    client.destroy();
    await own.close();
  });

  it('offers no STARTTLS without a certificate, and refuses it without ending the connection', async () => {
    const client = connect(mail.port, '127.0.0.1');
    const said: string[] = [];
    client.on('data', (text) => said.push(String(text)));
    const closed = new Promise((resolve) => client.once('close', resolve));
    await waitFor(() => said.length > 0);
    client.write('EHLO x\r\n');
    await waitFor(() => /^250 /m.test(said.join('')));
    client.write('STARTTLS\r\n');
    await waitFor(() => /^50\d/m.test(said.join('')));
    client.write('QUIT\r\n');
    await closed;
    expect(said.join('')).not.toMatch(/^250.STARTTLS/m);
    expect(said.join('')).toMatch(/^221/m);
  });

  it('stores with the instant of the campaign’s clock', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    inbound.setNow(new Date(testNow.getTime() + day));
    await deliver({ to: address('r', sent), raw: plain('no') });
    expect(await query(inbound.em(), 'select received_at as at from response where customer_id = $1', [sent.customer.id])).toEqual([
      { at: new Date(testNow.getTime() + day) },
    ]);
  });
});
