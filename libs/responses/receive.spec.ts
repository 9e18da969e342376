import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, makeContactPoint, makeCustomer, testNow, testSecret } from '../../test/harness/factories.js';
import { makeMessage, sendOffer, type SentOffer } from '../../test/harness/sent-offer.js';
import type { JourneySignal } from '../journeys/journey-signal.js';
import { claim } from '../messaging/ledger/claim.js';
import { query } from '../persistence/sql.js';
import { projectFile } from '../platform/project-file.js';
import { hashAddress, phoneLine } from '../channels/address/hash-address.js';
import { answerBack } from './answer-back.js';
import { createClassifier } from './classify.js';
import { answerOffer, showOffer, unsubscribe } from './links.js';
import { receiveResponse, type IncomingResponse, type ReceivedResponse } from './receive.js';
import { loadReplyWords } from './reply-words.js';
import type { Answer } from '../journeys/answers/table.js';
import { signalsTo } from '../../test/harness/signals.js';

let database: TestDatabase;
let em: EntityManager;
beforeAll(async () => {
  database = await createTestDatabase(12);
});
afterAll(() => database.close());
beforeEach(() => {
  em = database.orm.em.fork();
});

let count = 0;
const later = (hours: number): Date => new Date(testNow.getTime() + hours * 3_600_000);

function text(
  sent: { readonly point: { readonly addressHash: string } },
  answer: Answer,
  more: Partial<IncomingResponse> = {},
): IncomingResponse {
  return {
    source: 'twilio',
    sourceId: `SM${String(++count)}`,
    channel: 'sms',
    by: { addressHash: sent.point.addressHash },
    said: () => ({ answer, because: 'a test' }),
    text: 'what was written',
    ...more,
  };
}

const receive = (incoming: IncomingResponse, now = later(1)): Promise<ReceivedResponse> =>
  receiveResponse(database.orm.em.fork(), incoming, now);

const signals = ({ enrolment }: SentOffer): Promise<JourneySignal[]> => signalsTo(em, enrolment.id);
const offerState = async ({ offerId }: SentOffer): Promise<string | undefined> => (await showOffer(em, offerId, testNow))?.state;
const budget = async ({ campaign }: SentOffer): Promise<unknown> =>
  (await query(em, 'select budget_reserved as reserved, budget_spent as spent from campaign where id = $1', [campaign.id]))[0];
const suppressions = (addressHash: string): Promise<object[]> =>
  query(em, 'select reason from suppression where address_hash = $1', [addressHash]);
const consents = (customerId: string): Promise<object[]> =>
  query(em, 'select channel, purpose, granted, source from consent_event where customer_id = $1 order by at, id', [customerId]);
const responses = (customerId: string): Promise<object[]> =>
  query(em, 'select answer, message_id as message, enrolment_id as enrolment, text from response where customer_id = $1 order by id', [
    customerId,
  ]);

describe('a yes that is not plainly the customer’s', () => {
  const tasks = (sent: SentOffer): Promise<object[]> =>
    query(em, 'select kind from task where customer_id = $1 order by id', [sent.customer.id]);
  const mail = (sent: SentOffer, answer: Answer, from: readonly string[], more: Partial<IncomingResponse> = {}): IncomingResponse =>
    text(sent, answer, { source: 'smtp', channel: 'email', by: { messageId: sent.messageId }, from, ...more });

  it.each(['accepted', 'declined'] as const)('%s by mail from another address than theirs goes to a person', async (answer) => {
    const sent = await sendOffer(em, 'email');
    for (const from of [['stranger@example.test'], [], [sent.point.address, 'stranger@example.test']]) {
      expect(await receive(mail(sent, answer, from))).toMatchObject({ answer: 'unclear' });
    }
    expect([await offerState(sent), await signals(sent), await tasks(sent)]).toEqual(['open', [], Array(3).fill({ kind: 'unclear' })]);
    const [row] = await query<{ because: string }>(em, 'select because from response where customer_id = $1', [sent.customer.id]);
    expect(row?.because).toBe(`${answer}, but from another address: a test`);
    expect(await receive(mail(sent, answer, [sent.point.address.toLowerCase()]))).toMatchObject({ answer });
    expect(await offerState(sent)).toBe(answer);
  });

  it('in whatever case their address is written is theirs, and an opt-out counts from anybody', async () => {
    const sent = await sendOffer(em, 'email');
    await query(em, `update contact_point set address = 'Anna.Work@Example.test' where id = $1`, [sent.point.id]);
    expect(await receive(mail(sent, 'accepted', ['anna.work@example.test']))).toMatchObject({ answer: 'accepted' });
    expect(await receive(mail(sent, 'opt-out', ['stranger@example.test']))).toMatchObject({ answer: 'opt-out' });
    expect(await suppressions(sent.point.addressHash)).toHaveLength(1);
  });

  it.each([
    ['Anna.Work@gmail.com', 'annawork@googlemail.com'],
    ['annawork@gmail.com', 'a.n.n.a.work+offers@gmail.com'],
    ['ada_byron@proton.me', 'ada.byron@protonmail.com'],
    ['info@müller.example', 'info@xn--mller-kva.example'],
  ])('from %s, spelled as %s, is theirs', async (stored, from) => {
    const sent = await sendOffer(em, 'email');
    await query(em, `update contact_point set address = $2, address_hash = $3 where id = $1`, [
      sent.point.id,
      stored,
      hashAddress(testSecret, 'email', stored),
    ]);
    expect(await receive(mail(sent, 'accepted', [from, stored]))).toMatchObject({ answer: 'accepted' });
    const [other] = from.split('@');
    expect(await receive(mail(sent, 'declined', [`${other ?? ''}@example.test`]))).toMatchObject({ answer: 'unclear' });
  });

  it('by a page of the offer needs no other proof', async () => {
    const sent = await sendOffer(em, 'email');
    await query(em, `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), 'email', $1, 'opt-out', $2)`, [
      sent.point.addressHash,
      testNow,
    ]);
    await answerOffer(database.orm.em.fork(), sent.offerId, 'accepted', later(1));
    expect(await offerState(sent)).toBe('accepted');
  });

  it('after STOP from the same address accepts nothing automatically, and does again after START', async () => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, 'opt-out'));
    expect(await receive(text(sent, 'accepted'))).toMatchObject({ answer: 'unclear' });
    expect([await offerState(sent), await tasks(sent)]).toEqual(['withdrawn', [{ kind: 'unclear' }]]);
    expect(await receive(text(sent, 'declined'))).toMatchObject({ answer: 'declined' });
    const before = await sendOffer(em, 'sms');
    await receive(text(before, 'opt-out'));
    await receive(text(before, 'opt-in'), later(2));
    const again = await sendOffer(em, 'sms', { customer: before.customer, point: before.point, message: { submittedAt: later(2.5) } });
    expect(await receive(text(again, 'accepted'), later(3))).toMatchObject({ answer: 'accepted' });
    expect(await offerState(again)).toBe('accepted');
  });

  it('by mail, after STOP by text ended the journey, accepts nothing and goes to a person', async () => {
    const sent = await sendOffer(em, 'email');
    const phone = await makeContactPoint(em, sent.customer.id, 'sms');
    await receive(text({ point: phone }, 'opt-out'));
    expect([await offerState(sent), await budget(sent)]).toEqual(['withdrawn', { reserved: 0, spent: 0 }]);
    expect(await receive(mail(sent, 'accepted', [sent.point.address]))).toMatchObject({ answer: 'unclear' });
    expect([await offerState(sent), await tasks(sent)]).toEqual(['withdrawn', [{ kind: 'unclear' }]]);
  });

  it('after STOP on WhatsApp, by a text from the same line', async () => {
    const sent = await sendOffer(em, 'sms');
    const line = await makeContactPoint(em, sent.customer.id, 'whatsapp', { address: sent.point.address });
    await receive(text({ point: line }, 'opt-out', { channel: 'whatsapp' }));
    expect(await receive(text(sent, 'accepted'))).toMatchObject({ answer: 'unclear' });
    expect(await offerState(sent)).toBe('withdrawn');
  });

  it.each([
    ['+525512345678', '+5215512345678'],
    ['+5491123456789', '+541123456789'],
    ['+551187654321', '+5511987654321'],
  ])('after STOP on WhatsApp, by a text from the same line, spelled %s there and %s here', async (there, here) => {
    const sent = await sendOffer(em, 'sms');
    const line = await makeContactPoint(em, sent.customer.id, 'whatsapp', { address: there });
    const addressHash = hashAddress(testSecret, 'sms', here);
    await query(em, 'update contact_point set address = $2, address_hash = $3 where id = $1', [sent.point.id, here, addressHash]);
    await receive(text({ point: line }, 'opt-out', { channel: 'whatsapp' }));
    expect(await receive(text({ point: { addressHash } }, 'accepted'))).toMatchObject({ answer: 'unclear' });
    expect(await offerState(sent)).toBe('withdrawn');
  });

  it('after one click, or a complaint, by mail', async () => {
    const [clicked, complained] = [await sendOffer(em, 'email'), await sendOffer(em, 'email')];
    await unsubscribe(database.orm.em.fork(), clicked.messageId, later(1));
    await receive(mail(complained, 'complaint', [], { said: () => ({ answer: 'complaint', because: 'feedback report', reported: true }) }));
    for (const sent of [clicked, complained]) {
      expect(await receive(mail(sent, 'accepted', [sent.point.address.toLowerCase()]))).toMatchObject({ answer: 'unclear' });
      expect(await offerState(sent)).not.toBe('accepted');
    }
  });

  it('on another channel, where nothing was ended, is taken', async () => {
    const customer = await makeCustomer(em);
    const email = await makeContactPoint(em, customer.id, 'email');
    await receive(text({ point: email }, 'opt-out', { channel: 'email' }));
    const sent = await sendOffer(em, 'sms', { customer });
    expect(await receive(text(sent, 'accepted'))).toMatchObject({ answer: 'accepted' });
  });
});

describe('answers without end', () => {
  const openTasks = async (sent: SentOffer): Promise<unknown> =>
    (await query<{ count: number }>(em, 'select count(*)::int as count from task where customer_id = $1', [sent.customer.id]))[0]?.count;

  it.each(['unclear', 'question', 'complaint'] as const)('%s: at most five tasks of a customer an hour, all are stored', async (answer) => {
    const sent = await sendOffer(em, 'sms');
    await Promise.all(Array.from({ length: 12 }, () => receive(text(sent, answer))));
    await receive(text(sent, answer));
    expect([await openTasks(sent), (await responses(sent.customer.id)).length]).toEqual([5, 13]);
    await receive(text(sent, answer), later(2.1));
    expect(await openTasks(sent)).toBe(6);
  });

  it('an opt-out and a plain yes among them count', async () => {
    const sent = await sendOffer(em, 'sms');
    for (let n = 0; n < 8; n++) await receive(text(sent, 'unclear'));
    await receive(text(sent, 'accepted'));
    await receive(text(sent, 'opt-out'));
    expect([await offerState(sent), await openTasks(sent)]).toEqual(['accepted', 5]);
    expect(await suppressions(sent.point.addressHash)).toHaveLength(1);
  });
});

describe('an answer by text', () => {
  it('accepts the offer of the latest message, notifies the journey and is stored', async () => {
    const sent = await sendOffer(em, 'sms');
    const { responseId, customerId } = await receive(text(sent, 'accepted'));
    expect(customerId).toBe(sent.customer.id);
    expect(await offerState(sent)).toBe('accepted');
    expect(await budget(sent)).toEqual({ reserved: 1_200, spent: 1_200 });
    expect(await signals(sent)).toEqual([{ kind: 'response', answer: 'accepted', responseId }]);
    expect(await responses(sent.customer.id)).toEqual([
      { answer: 'accepted', message: sent.messageId, enrolment: sent.enrolment.id, text: 'what was written' },
    ]);
  });

  it('has one effect for ten attempts at once', async () => {
    const sent = await sendOffer(em, 'sms');
    const incoming = text(sent, 'accepted');
    const received = await Promise.all(Array.from({ length: 10 }, () => receive(incoming)));
    expect(received.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(received.map(({ responseId, answer }) => `${responseId} ${answer}`)).size).toBe(1);
    expect(await signals(sent)).toHaveLength(1);
    expect(await budget(sent)).toEqual({ reserved: 1_200, spent: 1_200 });
    expect(await responses(sent.customer.id)).toHaveLength(1);
  });

  it.each(['40P01', '40001'])('is received again where PostgreSQL gave its transaction up (%s), five times at most', async (code) => {
    const sent = await sendOffer(em, 'sms');
    let tries = 0;
    const given = (upTo: number): IncomingResponse =>
      text(sent, 'opt-out', {
        said: () => {
          if (++tries <= upTo) throw Object.assign(new Error('given up'), { code });
          return { answer: 'opt-out', because: 'a test' };
        },
      });
    await expect(receive(given(5))).rejects.toThrow('given up');
    expect([tries, await suppressions(sent.point.addressHash)]).toEqual([5, []]);
    tries = 0;
    expect(await receive(given(4))).toMatchObject({ answer: 'opt-out', repeated: false });
    expect(await suppressions(sent.point.addressHash)).toHaveLength(1);
    expect(await responses(sent.customer.id)).toHaveLength(1);
  });

  it('declines, and gives the budget back', async () => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, 'declined'));
    expect(await offerState(sent)).toBe('declined');
    expect(await budget(sent)).toEqual({ reserved: 0, spent: 0 });
    expect(await signals(sent)).toMatchObject([{ answer: 'declined' }]);
  });

  it('after the offer ended is stored, and the journey gets nothing', async () => {
    const sent = await sendOffer(em, 'sms');
    const received = await receive(text(sent, 'accepted'), later(15 * 24));
    expect(received).toMatchObject({ answer: 'accepted', repeated: false });
    expect(await offerState(sent)).toBe('open');
    expect(await signals(sent)).toEqual([]);
    expect(await responses(sent.customer.id)).toHaveLength(1);
  });

  it('answers the message that was sent last', async () => {
    const first = await sendOffer(em, 'sms');
    const second = await sendOffer(em, 'sms', { customer: first.customer, point: first.point, message: { submittedAt: later(0.5) } });
    await receive(text(first, 'accepted'));
    expect([await offerState(first), await offerState(second)]).toEqual(['open', 'accepted']);
    expect(await signals(first)).toEqual([]);
  });

  it('out of the blue accepts nothing, though a journey runs', async () => {
    const sent = await sendOffer(em, 'sms', { message: { state: 'planned', submittedAt: null, providerId: null } });
    await receive(text(sent, 'accepted'));
    expect(await offerState(sent)).toBe('open');
    expect(await signals(sent)).toEqual([]);
    expect(await responses(sent.customer.id)).toMatchObject([{ message: null, enrolment: sent.enrolment.id }]);
  });

  it('from a stranger is stored without its words', async () => {
    const received = await receive(text({ point: { addressHash: 'nobody' } }, 'question'));
    expect(received.customerId).toBeNull();
    expect(await query(em, 'select customer_id, text, answer from response where id = $1', [received.responseId])).toEqual([
      { customer_id: null, text: null, answer: 'question' },
    ]);
  });

  it.each(['question', 'complaint'] as const)('notifies the journey of a %s', async (answer) => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, answer));
    expect(await signals(sent)).toMatchObject([{ kind: 'response', answer }]);
  });

  it.each(['auto-reply', 'bounce', 'help', 'unclear'] as const)('does nothing for %s', async (answer) => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, answer));
    expect(await signals(sent)).toEqual([]);
    expect(await offerState(sent)).toBe('open');
    expect(await responses(sent.customer.id)).toMatchObject([{ answer }]);
  });

  it('notifies no journey that is over', async () => {
    const sent = await sendOffer(em, 'sms');
    await query(em, `update enrolment set state = 'closed', outcome = 'lapsed', closed_at = $2 where id = $1`, [
      sent.enrolment.id,
      testNow,
    ]);
    await receive(text(sent, 'question'));
    expect(await signals(sent)).toEqual([]);
  });

  it('keeps no character that PostgreSQL refuses', async () => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, 'unclear', { text: 'a\0b' }));
    expect(await responses(sent.customer.id)).toMatchObject([{ text: 'ab' }]);
  });
});

describe('an opt-out', () => {
  it('ends consent, suppresses the address, takes back what is planned, and notifies the journey', async () => {
    const sent = await sendOffer(em, 'sms');
    const planned = await makeMessage(em, sent, { step: 'remind', state: 'planned', submittedAt: null, providerId: null });
    await receive(text(sent, 'opt-out'));
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'opt-out' }]);
    expect(await consents(sent.customer.id)).toEqual([
      { channel: 'sms', purpose: 'marketing', granted: true, source: 'import' },
      { channel: 'sms', purpose: 'marketing', granted: false, source: 'sms-stop' },
    ]);
    expect(await query(em, 'select state from message where id = $1', [planned])).toEqual([{ state: 'withdrawn' }]);
    expect(await signals(sent)).toMatchObject([{ kind: 'response', answer: 'opt-out' }]);
  });

  it.each([
    ['email', 'smtp', 'planned', ['email.marketing']],
    ['sms', 'twilio', 'withdrawn', ['sms.marketing']],
    ['whatsapp', 'twilio', 'withdrawn', ['whatsapp.marketing']],
  ] as const)('by %s leaves a message about the contract %s', async (channel, source, state, ended) => {
    const sent = await sendOffer(em, channel);
    const planned = { state: 'planned', submittedAt: null, providerId: null } as const;
    const bill = await makeMessage(em, sent, { ...planned, step: 'bill', purpose: 'service' });
    const offer = await makeMessage(em, sent, { ...planned, step: 'remind' });
    await receive(text(sent, 'opt-out', { channel, source, by: { messageId: sent.messageId } }));
    expect(await query(em, 'select state from message where id = any($1::uuid[]) order by id', [[bill, offer]])).toEqual([
      { state },
      { state: 'withdrawn' },
    ]);
    const withdrawn = await query(
      em,
      `select channel || '.' || purpose as consent from consent_event where customer_id = $1 and not granted`,
      [sent.customer.id],
    );
    expect(withdrawn).toEqual(ended.map((consent) => ({ consent })));
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'opt-out' }]);
  });

  it('a spam report takes back messages about the contract too', async () => {
    const sent = await sendOffer(em, 'email');
    const bill = await makeMessage(em, sent, { step: 'bill', purpose: 'service', state: 'planned', submittedAt: null, providerId: null });
    const said = (): { answer: 'complaint'; because: string; reported: boolean } => ({
      answer: 'complaint',
      because: 'feedback report',
      reported: true,
    });
    await receive(text(sent, 'complaint', { channel: 'email', source: 'smtp', by: { messageId: sent.messageId }, said }));
    expect(await query(em, 'select state from message where id = $1', [bill])).toEqual([{ state: 'withdrawn' }]);
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'complaint' }]);
  });

  it('lets the other journeys of the customer know that their message is gone', async () => {
    const other = await sendOffer(em, 'sms', { message: { state: 'planned', submittedAt: null, providerId: null } });
    const answered = await sendOffer(em, 'sms', { customer: other.customer, point: other.point });
    await receive(text(answered, 'opt-out'));
    expect(await signals(answered)).toMatchObject([{ kind: 'response', answer: 'opt-out' }]);
    expect(await signals(other)).toEqual([{ kind: 'message-failed', messageId: other.messageId, channel: 'sms', why: 'rejected' }]);
  });

  it('acts where no journey runs, and for everybody who has the number', async () => {
    const customers = [await makeCustomer(em), await makeCustomer(em)];
    const address = '+4915199999901';
    for (const { id } of customers) await makeContactPoint(em, id, 'sms', { address });
    await receive(text({ point: { addressHash: hashAddress(testSecret, 'sms', address) } }, 'opt-out'));
    for (const { id } of customers) expect(await consents(id)).toMatchObject([{ granted: true }, { granted: false }]);
  });

  it('acts for an address that is nobody yet', async () => {
    await receive(text({ point: { addressHash: 'not imported yet' } }, 'opt-out'));
    expect(await suppressions('not imported yet')).toEqual([{ reason: 'opt-out' }]);
  });

  it('YES after STOP grants no consent and accepts nothing automatically', async () => {
    const classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
    const sent = await sendOffer(em, 'sms');
    const say = (words: string, hours: number): Promise<ReceivedResponse> =>
      receive(text(sent, 'unclear', { said: () => classify({ channel: 'sms', text: words }), text: words }), later(hours));
    expect(await say('STOP', 1)).toMatchObject({ answer: 'opt-out' });
    for (const [index, yes] of ['YES', 'Yes please', 'ja', 'oui', 'sí', 'OK'].entries()) {
      expect([yes, (await say(yes, 2 + index)).answer]).toEqual([yes, 'unclear']);
    }
    expect(await consents(sent.customer.id)).toMatchObject([
      { granted: true, source: 'import' },
      { granted: false, source: 'sms-stop' },
    ]);
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'opt-out' }]);
    const again = await makeMessage(em, sent, { step: 'remind', state: 'planned', submittedAt: null, providerId: null });
    await em.transactional((tx) => claim(tx, 'sms', 1_000, 60_000, later(10)));
    expect(await query(em, 'select state from message where id = $1', [again])).toEqual([{ state: 'withdrawn' }]);
  });

  it('by an old message ends the address that it went to, and the one that the customer has now', async () => {
    const sent = await sendOffer(em, 'email');
    const now = hashAddress(testSecret, 'email', 'now@example.com');
    await query(em, 'update message set address_hash = $2 where id = $1', [sent.messageId, sent.point.addressHash]);
    await query(em, `update contact_point set address = 'now@example.com', address_hash = $2 where id = $1`, [sent.point.id, now]);
    await unsubscribe(em.fork(), sent.messageId, later(1));
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'opt-out' }]);
    expect(await suppressions(now)).toEqual([{ reason: 'opt-out' }]);
  });

  it('is taken back by START', async () => {
    const sent = await sendOffer(em, 'sms');
    await receive(text(sent, 'opt-out'));
    await receive(text(sent, 'opt-in'), later(2));
    expect(await suppressions(sent.point.addressHash)).toEqual([]);
    expect((await consents(sent.customer.id)).at(-1)).toEqual({ channel: 'sms', purpose: 'marketing', granted: true, source: 'sms-start' });
  });

  it('START lifts no suppression for another reason, and alone grants nothing', async () => {
    const sent = await sendOffer(em, 'sms');
    await query(em, `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), 'sms', $1, 'complaint', $2)`, [
      sent.point.addressHash,
      testNow,
    ]);
    await receive(text(sent, 'opt-in'));
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'complaint' }]);
    expect(await consents(sent.customer.id)).toHaveLength(1);
    // A STOP in between does not weaken the complaint either.
    await receive(text(sent, 'opt-out'));
    await receive(text(sent, 'opt-in'));
    expect(await suppressions(sent.point.addressHash)).toEqual([{ reason: 'complaint' }]);
    expect(await consents(sent.customer.id)).toMatchObject([{ granted: true }, { granted: false }]);
  });

  it('and an acceptance, both many times at once, end the same way without a deadlock', async () => {
    const sent = await sendOffer(em, 'sms');
    await Promise.all(Array.from({ length: 10 }, (_, index) => receive(text(sent, index % 2 === 0 ? 'opt-out' : 'accepted'))));
    const state = await offerState(sent);
    expect(['accepted', 'withdrawn']).toContain(state);
    expect(await suppressions(sent.point.addressHash)).toHaveLength(1);
    const signalled = (await signals(sent)).filter((signal) => signal.kind === 'response' && signal.answer === 'accepted');
    expect(signalled).toHaveLength(state === 'accepted' ? 1 : 0);
  });
});

describe('STOP from a line that we know on the other channel', () => {
  it.each([
    ['sms', 'whatsapp', '+447911123404', '+447911123404'],
    ['whatsapp', 'sms', '+447911123405', '+447911123405'],
    ['sms', 'whatsapp', '+525512345679', '+5215512345679'],
    ['sms', 'whatsapp', '+5511987654329', '+551187654329'],
  ] as const)('stored for %s, said by %s, ends marketing on both: %s, %s', async (stored, by, there, here) => {
    const sent = await sendOffer(em, stored);
    await query(em, 'update contact_point set address = $2, address_hash = $3 where id = $1', [
      sent.point.id,
      there,
      hashAddress(testSecret, stored, there),
    ]);
    const planned = await makeMessage(em, sent, { step: 'remind', state: 'planned', submittedAt: null, providerId: null });
    const line = phoneLine(testSecret, here);
    const addressHash = hashAddress(testSecret, by, here);
    const received = await receive(text({ point: { addressHash } }, 'opt-out', { channel: by, line }));
    expect(received).toMatchObject({ answer: 'opt-out', customerId: sent.customer.id });
    expect(await consents(sent.customer.id)).toContainEqual({ channel: stored, purpose: 'marketing', granted: false, source: 'sms-stop' });
    expect(await query(em, 'select state from message where id = $1', [planned])).toEqual([{ state: 'withdrawn' }]);
    for (const each of line) expect(await suppressions(each.addressHash)).toHaveLength(1);
  });

  it('ends the same line of the customer where the endpoint does not know it', async () => {
    const sent = await sendOffer(em, 'sms');
    const other = await makeContactPoint(em, sent.customer.id, 'whatsapp', { address: sent.point.address });
    await receive(text(sent, 'opt-out'));
    expect(await suppressions(other.addressHash)).toHaveLength(1);
  });
});

describe('an opt-out that names another channel', () => {
  it.each([
    ['Please stop texting me.', ['email', 'sms']],
    ['Bitte keine SMS mehr', ['email', 'sms']],
    ['Unsubscribe', ['email']],
  ])('%s, by mail, ends %j', async (words, ended) => {
    const sent = await sendOffer(em, 'email');
    await makeContactPoint(em, sent.customer.id, 'sms');
    await receive(text(sent, 'opt-out', { source: 'smtp', channel: 'email', by: { messageId: sent.messageId }, text: words }));
    expect(
      await query(em, 'select channel from consent_event where customer_id = $1 and not granted order by channel', [sent.customer.id]),
    ).toEqual(ended.map((channel) => ({ channel })));
  });
});

describe('a yes by text to an offer that came by mail', () => {
  it('takes the one that is open, and notifies its journey', async () => {
    const sent = await sendOffer(em, 'email');
    const phone = await makeContactPoint(em, sent.customer.id, 'sms');
    const received = await receive(text({ point: phone }, 'accepted'));
    expect([received.answer, await offerState(sent)]).toEqual(['accepted', 'accepted']);
    expect(await signals(sent)).toMatchObject([{ kind: 'response', answer: 'accepted' }]);
    expect(await answerBack(em, received, phone.addressHash, later(1))).toBeNull();
  });

  it('takes it though the last text to them offered something that has ended', async () => {
    const old = await sendOffer(em, 'sms', { offer: { state: 'expired' } });
    const sent = await sendOffer(em, 'email', { customer: old.customer });
    const received = await receive(text(old, 'accepted'));
    expect([received.answer, await offerState(sent)]).toEqual(['accepted', 'accepted']);
    expect(await answerBack(em, received, old.point.addressHash, later(1))).toBeNull();
  });

  it('goes to a person where several are open', async () => {
    const first = await sendOffer(em, 'email');
    const second = await sendOffer(em, 'email', { customer: first.customer, point: first.point });
    const phone = await makeContactPoint(em, first.customer.id, 'sms');
    const received = await receive(text({ point: phone }, 'accepted'));
    expect([received.answer, await offerState(first), await offerState(second)]).toEqual(['unclear', 'open', 'open']);
    expect(await query(em, 'select kind from task where customer_id = $1', [first.customer.id])).toEqual([{ kind: 'unclear' }]);
  });

  it('is signalled nothing false where an offer is not sent yet', async () => {
    const sent = await sendOffer(em, 'sms', { message: { state: 'planned', submittedAt: null, providerId: null } });
    const received = await receive(text(sent, 'accepted'));
    expect(await answerBack(em, received, sent.point.addressHash, later(1))).toBeNull();
  });
});

describe('a link', () => {
  it('answers an offer once, however often it is pressed', async () => {
    const sent = await sendOffer(em, 'email');
    await Promise.all(Array.from({ length: 10 }, () => answerOffer(database.orm.em.fork(), sent.offerId, 'accepted', later(1))));
    expect(await offerState(sent)).toBe('accepted');
    expect(await budget(sent)).toEqual({ reserved: 1_200, spent: 1_200 });
    expect(await signals(sent)).toHaveLength(1);
    await answerOffer(database.orm.em.fork(), sent.offerId, 'declined', later(2));
    expect(await offerState(sent)).toBe('accepted');
    expect(await signals(sent)).toHaveLength(1);
  });

  it('shows an offer whose time is over as expired', async () => {
    const sent = await sendOffer(em, 'email');
    expect(await showOffer(em, sent.offerId, new Date(testNow.getTime() + 14 * day))).toMatchObject({ state: 'expired' });
  });

  it('unsubscribes the address of its message once for each consent', async () => {
    const sent = await sendOffer(em, 'email');
    await unsubscribe(em.fork(), sent.messageId, later(1));
    await unsubscribe(em.fork(), sent.messageId, later(2));
    expect(await consents(sent.customer.id)).toMatchObject([{ granted: true }, { channel: 'email', granted: false, source: 'one-click' }]);
    expect(await suppressions(sent.point.addressHash)).toHaveLength(1);
    await query(
      em,
      `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
       values (uuidv7(), $1, 'email', 'marketing', $2, true, 'api', '1', $3, 'system')`,
      [sent.customer.id, sent.point.addressHash, later(3)],
    );
    await unsubscribe(em.fork(), sent.messageId, later(4));
    expect((await consents(sent.customer.id)).at(-1)).toMatchObject({ granted: false, source: 'one-click' });
  });
});
