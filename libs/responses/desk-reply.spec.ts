import { optOutAtProvider } from '../consent/opt-out.js';
import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeContactPoint, makeCustomer, testNow } from '../../test/harness/factories.js';
import { sendOffer, type SentOffer } from '../../test/harness/sent-offer.js';
import { closeEnrolment } from '../lifecycle/enrolments.js';
import type { Channel } from '../channels/table.js';
import { claim } from '../messaging/ledger/claim.js';
import { markSubmitting } from '../messaging/ledger/ledger.js';
import { settle } from '../messaging/ledger/settle.js';
import { readPolicyTables } from '../messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { replyToTask, type PlannedReply } from './desk-reply.js';
import { viewTasks, type ViewedTask } from './desk-view.js';
import { receiveResponse } from './receive.js';
import { signalsTo } from '../../test/harness/signals.js';

const tables = readPolicyTables(['email', 'sms', 'whatsapp']);
const hours = (count: number): Date => new Date(testNow.getTime() + count * 3_600_000);

let database: TestDatabase;
let em: EntityManager;
beforeAll(async () => {
  database = await createTestDatabase(12);
});
afterAll(() => database.close());
beforeEach(() => (em = database.orm.em.fork()));

interface Asked extends SentOffer {
  readonly taskId: string;
}

/** A customer who got an offer asks something an hour later, at 14:00 in Berlin. */
async function asked(channel: Channel = 'email', sent?: SentOffer): Promise<Asked> {
  const offer = sent ?? (await sendOffer(em, channel));
  const { responseId } = await receiveResponse(
    em.fork(),
    {
      source: channel === 'email' ? 'smtp' : 'twilio',
      sourceId: newId(),
      channel,
      by: channel === 'email' ? { messageId: offer.messageId } : { addressHash: offer.point.addressHash },
      said: () => ({ answer: 'question', because: '?' }),
      text: 'Does it hold for both lines?',
    },
    hours(1),
  );
  const task = await queryOne<{ id: string }>(em, 'select id from task where response_id = $1', [responseId]);
  return { ...offer, taskId: task?.id ?? '' };
}

const reply = (taskId: string, now = hours(2), text = 'Yes, for both.', key: string = newId()): Promise<PlannedReply> =>
  replyToTask(database.orm.em.fork(), { taskId, text, key, by: 'api-key:of-the-test' }, tables, { now: () => now, realMs: (ms) => ms });
const view = async (taskId: string, now = hours(2)): Promise<ViewedTask> => {
  const clock = { now: () => now, realMs: (ms: number) => ms };
  const tasks = await viewTasks(em, { state: 'open', kind: null, after: null, rows: 500 }, tables, clock);
  const task = tasks.find(({ id }) => id === taskId);
  if (task === undefined) throw new Error('The task is not at the desk');
  return task;
};
const messages = (taskId: string): Promise<Record<string, unknown>[]> =>
  query(em, `select m.* from message m join reply w on w.message_id = m.id where w.task_id = $1 order by m.occurrence`, [taskId]);

describe('a reply', () => {
  it.each(['email', 'sms', 'whatsapp'] as const)('is a message of the ledger on the channel of the question: %s', async (channel) => {
    const it = await asked(channel);
    const planned = await reply(it.taskId);
    expect(planned).toMatchObject({ channel, text: 'Yes, for both.', writtenBy: 'api-key:of-the-test', notBefore: hours(2) });
    expect(await messages(it.taskId)).toMatchObject([
      {
        id: planned.messageId,
        enrolment_id: it.enrolment.id,
        campaign_id: null,
        customer_id: it.customer.id,
        contact_point_id: it.point.id,
        offer_id: it.offerId,
        channel,
        purpose: 'service',
        state: 'planned',
        not_before: hours(2),
      },
    ]);
    expect((await view(it.taskId)).replies).toMatchObject([{ messageId: planned.messageId, text: 'Yes, for both.', state: 'planned' }]);
  });

  it('is sent once for each click, however often it is requested at the same time', async () => {
    const it = await asked();
    const key = newId();
    const planned = await Promise.all(Array.from({ length: 10 }, () => reply(it.taskId, hours(2), 'Yes.', key)));
    expect(new Set(planned.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await messages(it.taskId)).toHaveLength(1);
    await expect(reply(it.taskId, hours(2), 'Something else', key)).rejects.toMatchObject({ kind: 'conflict' });
    await reply(it.taskId, hours(2), 'And one more thing.');
    expect(await messages(it.taskId)).toHaveLength(2);
  });

  it('can be given to two questions of one customer separately', async () => {
    const first = await asked();
    const second = await asked('email', first);
    await Promise.all([reply(first.taskId), reply(second.taskId)]);
    expect([await messages(first.taskId), await messages(second.taskId)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('also answers a customer who wrote first', async () => {
    const customer = await makeCustomer(em);
    const point = await makeContactPoint(em, customer.id, 'sms');
    const { responseId } = await receiveResponse(
      em.fork(),
      {
        source: 'twilio',
        sourceId: newId(),
        channel: 'sms',
        by: { addressHash: point.addressHash },
        said: () => ({ answer: 'question', because: '?' }),
        text: 'Are you open on Monday?',
      },
      hours(1),
    );
    const task = await queryOne<{ id: string }>(em, 'select id from task where response_id = $1', [responseId]);
    await reply(task?.id ?? '');
    expect(await messages(task?.id ?? '')).toMatchObject([{ enrolment_id: null, offer_id: null, customer_id: customer.id }]);
  });

  it.each([
    ['paused', 'closed'],
    ['cancelled', 'closed'],
    ['live', 'entered'],
  ])('is sent in any state of its campaign, and no journey withdraws it: %s', async (campaign, state) => {
    const it = await asked();
    const { messageId } = await reply(it.taskId);
    await query(em, 'update campaign set state = $2 where id = $1', [it.campaign.id, campaign]);
    if (state === 'closed') await em.fork().transactional((tx) => closeEnrolment(tx, it.enrolment.id, 'handed-over', hours(2)));
    const claimed = await em.fork().transactional((tx) => claim(tx, 'email', 500, 60_000, hours(3)));
    const own = claimed.filter(({ id }) => id === messageId);
    expect(own).toHaveLength(1);
    expect([...(await markSubmitting(em.fork(), own, 60_000, hours(3)))]).toEqual([messageId]);
  });

  it('that fails permanently notifies the desk, and no journey', async () => {
    const it = await asked();
    const { messageId } = await reply(it.taskId);
    const signals = (): Promise<unknown[]> => signalsTo(em, it.enrolment.id);
    const before = await signals();
    const claimed = (await em.fork().transactional((tx) => claim(tx, 'email', 500, 60_000, hours(3)))).find(({ id }) => id === messageId);
    const result = { kind: 'rejected', errorClass: 'dead-address', errorCode: '5.1.1' } as const;
    await em
      .fork()
      .transactional((tx) =>
        settle(tx, [{ id: messageId, fence: claimed?.fence ?? 0, attempts: 1, result }], () => 0, optOutAtProvider, hours(3)),
      );
    expect(await signals()).toHaveLength(before.length);
    const task = await view(it.taskId, hours(3));
    expect(task.replies).toMatchObject([{ state: 'rejected', errorClass: 'dead-address' }]);
    expect(task.reply).toEqual({ possible: false, reason: 'dead-address' });
  });

  it('counts the customer’s answer to it as an answer to the offer', async () => {
    const it = await asked();
    const { messageId } = await reply(it.taskId);
    await query(em, `update message set state = 'accepted', submitted_at = $2 where id = $1`, [messageId, hours(2)]);
    await receiveResponse(
      em.fork(),
      {
        source: 'smtp',
        sourceId: newId(),
        channel: 'email',
        by: { messageId },
        said: () => ({ answer: 'accepted', because: 'yes' }),
        text: 'Yes then',
      },
      hours(3),
    );
    expect(await queryOne(em, 'select state from offer where id = $1', [it.offerId])).toEqual({ state: 'accepted' });
  });
});

describe('when a reply is sent', () => {
  const night = new Date('2026-03-02T22:30:00Z');
  const morning = new Date('2026-03-03T08:00:00Z');
  const askedAt = async (taskId: string, at: Date): Promise<unknown> =>
    query(em, 'update response set received_at = $2 from task where task.id = $1 and response.id = task.response_id', [taskId, at]);

  it('a text within an hour of the question is sent at night too; later it waits for the morning', async () => {
    const [fresh, stale] = [await asked('sms'), await asked('sms')];
    await askedAt(fresh.taskId, new Date(night.getTime() - 600_000));
    expect((await reply(fresh.taskId, night)).notBefore).toEqual(night);
    expect((await view(stale.taskId, night)).reply).toMatchObject({ possible: true, notBefore: morning });
    expect((await reply(stale.taskId, night)).notBefore).toEqual(morning);
  });

  it('a mail is sent at any time', async () => {
    expect((await reply((await asked('email')).taskId, night)).notBefore).toEqual(night);
  });

  it('WhatsApp accepts no free text more than a day after the customer last wrote, and the desk offers none then', async () => {
    const it = await asked('whatsapp');
    await reply(it.taskId, hours(2));
    // 24 hours after the question at 13:00, less ten minutes.
    expect((await messages(it.taskId))[0]).toMatchObject({ send_before: new Date('2026-03-03T12:50:00Z') });
    await expect(reply(it.taskId, hours(25))).rejects.toMatchObject({ kind: 'conflict' });
    expect((await view(it.taskId, hours(25))).reply).toEqual({ possible: false, reason: 'conversation-over' });
  });

  it('has no limit except the restrictions on the address', async () => {
    const it = await asked('sms');
    await query(em, `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), 'sms', $1, 'opt-out', $2)`, [
      it.point.addressHash,
      hours(1),
    ]);
    await expect(reply(it.taskId)).rejects.toMatchObject({ kind: 'conflict' });
    const { reply: option, reach } = await view(it.taskId);
    expect(option).toEqual({ possible: false, reason: 'suppressed' });
    expect(reach.contactPoints).toMatchObject([{ channel: 'sms', uses: [] }]);
    const byMail = await asked('email');
    await query(em, `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), 'email', $1, 'opt-out', $2)`, [
      byMail.point.addressHash,
      hours(1),
    ]);
    await reply(byMail.taskId);
    expect((await view(byMail.taskId)).reach.contactPoints).toMatchObject([{ channel: 'email', uses: ['service'] }]);
  });
});

describe('the text of a reply', () => {
  it.each([
    ['', 'says nothing'],
    [' \n\t ', 'says nothing'],
    ['\u200b\u2060\ufeff', 'says nothing'],
    ['\0\u0007', 'says nothing'],
    ['x'.repeat(1_601), 'has 1601 characters; 1600 are the most'],
  ])('%j is refused', async (text, what) => {
    const it = await asked('sms');
    await expect(reply(it.taskId, hours(2), text)).rejects.toMatchObject({ kind: 'invalid', places: [{ where: 'text', what }] });
    expect(await messages(it.taskId)).toEqual([]);
  });

  it('is not a template, and can be stored', async () => {
    const it = await asked();
    const { text } = await reply(it.taskId, hours(2), '  {{ customer.name }} <b>&\r\nsecond\rthird\0 \ud800 😀  ');
    expect(text).toBe('{{ customer.name }} <b>&\nsecond\nthird \ufffd 😀');
  });

  it('is not accepted for a closed or missing task', async () => {
    const it = await asked();
    await query(em, `update task set closed_at = $2, resolution = 'none', closed_by = 'x' where id = $1`, [it.taskId, hours(2)]);
    await expect(reply(it.taskId)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(reply(newId())).rejects.toMatchObject({ kind: 'not-found' });
    await expect(reply(it.taskId, hours(2), 'x', '')).rejects.toMatchObject({ kind: 'invalid' });
  });
});
