import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, testNow } from '../../test/harness/factories.js';
import { makeMessage, sendOffer, type SentOffer } from '../../test/harness/sent-offer.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { closeTask, type ClosedTask } from './desk.js';
import type { Meaning } from './desk-choices.js';
import { countOpenTasks, listTasks, type ListedTask } from './list-tasks.js';
import { receiveResponse } from './receive.js';
import type { Answer } from '../journeys/answers/table.js';
import { taskKinds } from './task.entity.js';
import { signalsTo } from '../../test/harness/signals.js';

let database: TestDatabase;
let em: EntityManager;
beforeAll(async () => {
  database = await createTestDatabase(12);
});
afterAll(() => database.close());
beforeEach(async () => {
  em = database.orm.em.fork();
  await query(em, 'delete from task');
});

const by = 'api-key:of-the-test';
const hours = (count: number): Date => new Date(testNow.getTime() + count * 3_600_000);

/** The customer answers the message at `now`; @returns the task that it opened, if it did */
async function answered(sent: SentOffer, answer: Answer, now = hours(1), reported = false): Promise<string | undefined> {
  const { responseId } = await receiveResponse(
    database.orm.em.fork(),
    {
      source: 'smtp',
      sourceId: newId(),
      channel: sent.point.channel,
      by: { messageId: sent.messageId },
      said: () => ({ answer, because: 'a test', reported }),
      text: 'Well, perhaps',
    },
    now,
  );
  return (await queryOne<{ id: string }>(em, 'select id from task where response_id = $1', [responseId]))?.id;
}

async function opened(sent: SentOffer, answer: Answer = 'unclear', now = hours(1)): Promise<string> {
  const id = await answered(sent, answer, now);
  if (id === undefined) throw new Error('No task was opened');
  return id;
}

const close = (id: string, answer: Meaning, now = hours(2)): Promise<ClosedTask> => closeTask(database.orm.em.fork(), id, answer, by, now);
const list = (filter: Partial<Parameters<typeof listTasks>[1]> = {}, now = hours(2)): Promise<ListedTask[]> =>
  listTasks(em, { state: 'open', kind: null, after: null, rows: 50, ...filter }, now);
const signals = ({ enrolment }: SentOffer): Promise<unknown[]> => signalsTo(em, enrolment.id);
const offerState = async ({ offerId }: SentOffer): Promise<unknown> =>
  (await queryOne<{ state: string }>(em, 'select state from offer where id = $1', [offerId]))?.state;
const responses = ({ customer }: SentOffer): Promise<object[]> =>
  query(em, 'select source, answer, because, text from response where customer_id = $1 order by received_at, id', [customer.id]);

describe('an answer', () => {
  it.each(taskKinds())('that is a %s opens a task, due in a day', async (kind) => {
    const sent = await sendOffer(em, 'email');
    const id = await opened(sent, kind);
    expect(await query(em, 'select kind, customer_id, enrolment_id, created_at, due_at, closed_at from task where id = $1', [id])).toEqual([
      { kind, customer_id: sent.customer.id, enrolment_id: sent.enrolment.id, created_at: hours(1), due_at: hours(25), closed_at: null },
    ]);
  });

  it.each(['accepted', 'declined', 'opt-out', 'auto-reply', 'help'] as const)('that is %s opens none', async (answer) => {
    expect(await answered(await sendOffer(em, 'email'), answer)).toBeUndefined();
  });

  it('by the spam button opens none, and ends consent permanently', async () => {
    const sent = await sendOffer(em, 'email');
    const planned = await makeMessage(em, sent, { step: 'remind', state: 'planned', submittedAt: null, providerId: null });
    expect(await answered(sent, 'complaint', hours(1), true)).toBeUndefined();
    expect(await query(em, 'select reason from suppression where address_hash = $1', [sent.point.addressHash])).toEqual([
      { reason: 'complaint' },
    ]);
    expect(await query(em, 'select state from message where id = $1', [planned])).toEqual([{ state: 'withdrawn' }]);
    expect(
      await query(em, 'select granted, source from consent_event where customer_id = $1 order by at desc limit 1', [sent.customer.id]),
    ).toEqual([{ granted: false, source: 'complaint' }]);
    expect(await signals(sent)).toMatchObject([{ kind: 'response', answer: 'complaint' }]);
  });

  it('that is unclear neither advances nor ends the journey', async () => {
    const sent = await sendOffer(em, 'email');
    await opened(sent);
    expect(await signals(sent)).toEqual([]);
    expect(await query(em, 'select state from enrolment where id = $1', [sent.enrolment.id])).toEqual([{ state: 'entered' }]);
  });

  it('to a message that is unknown proves that it was sent', async () => {
    const sent = await sendOffer(em, 'email', { message: { state: 'unknown', errorClass: 'ambiguous', providerId: null } });
    await answered(sent, 'unclear');
    expect(await query(em, 'select state, settled_by from message where id = $1', [sent.messageId])).toEqual([
      { state: 'accepted', settled_by: 'answer' },
    ]);
  });
});

describe('the queue', () => {
  it('has the earliest due task at its top, with what a person needs to decide', async () => {
    const [late, early] = [await sendOffer(em, 'email'), await sendOffer(em, 'email')];
    const second = await opened(late, 'question', hours(3));
    const first = await opened(early, 'unclear', hours(2));
    const tasks = await list();
    expect(tasks.map(({ id }) => id)).toEqual([first, second]);
    expect(tasks[0]).toMatchObject({
      kind: 'unclear',
      customer: { id: early.customer.id, name: early.customer.name },
      campaign: { key: early.campaign.key },
      enrolmentId: early.enrolment.id,
      underway: true,
      response: { channel: 'email', text: 'Well, perhaps', answer: 'unclear', because: 'a test', receivedAt: hours(2).toISOString() },
      offer: { id: early.offerId, state: 'open', expiresAt: new Date(testNow.getTime() + 14 * day).toISOString() },
    });
    expect((await list({ after: first })).map(({ id }) => id)).toEqual([second]);
    expect((await list({ kind: 'question' })).map(({ id }) => id)).toEqual([second]);
    expect((await list({}, hours(15 * 24)))[0]?.offer?.state).toBe('expired');
    expect(await countOpenTasks(em)).toBe(2);
  });

  it('has the latest closed task at the top of the closed ones', async () => {
    const tasks = [await opened(await sendOffer(em, 'email')), await opened(await sendOffer(em, 'email'))] as const;
    await close(tasks[0], 'none', hours(3));
    await close(tasks[1], 'none', hours(4));
    expect((await list({ state: 'closed' })).map(({ id }) => id)).toEqual([tasks[1], tasks[0]]);
    expect((await list({ state: 'closed', after: tasks[1] })).map(({ id }) => id)).toEqual([tasks[0]]);
    expect(await list()).toEqual([]);
  });
});

describe('closing a task', () => {
  it.each([
    ['accepted', 'accepted'],
    ['declined', 'declined'],
    ['question', 'open'],
    ['opt-out', 'withdrawn'],
  ] as const)('as %s does the same as that answer, and notifies the journey', async (answer, state) => {
    const sent = await sendOffer(em, 'email');
    const id = await opened(sent);
    expect(await close(id, answer)).toEqual({ id, resolution: answer, closedAt: hours(2), closedBy: by });
    expect(await offerState(sent)).toBe(state);
    expect(await signals(sent)).toMatchObject([{ kind: 'response', answer }]);
    expect(await responses(sent)).toEqual([
      { source: 'smtp', answer: 'unclear', because: 'a test', text: 'Well, perhaps' },
      { source: 'desk', answer, because: 'the desk', text: null },
    ]);
    const consent = await queryOne<{ granted: boolean }>(
      em,
      'select granted from consent_event where customer_id = $1 order by at desc limit 1',
      [sent.customer.id],
    );
    expect(consent?.granted).toBe(answer !== 'opt-out');
  });

  it('as none does nothing', async () => {
    const sent = await sendOffer(em, 'email');
    await close(await opened(sent), 'none');
    expect(await signals(sent)).toEqual([]);
    expect(await responses(sent)).toHaveLength(1);
  });

  it('does not send the journey the same answer again', async () => {
    const sent = await sendOffer(em, 'email');
    await close(await opened(sent, 'question'), 'question');
    expect(await signals(sent)).toHaveLength(1);
  });

  it('notifies no ended journey, and still does the rest', async () => {
    const sent = await sendOffer(em, 'email');
    const id = await opened(sent);
    await query(em, `update enrolment set state = 'closed', outcome = 'lapsed', closed_at = $2 where id = $1`, [
      sent.enrolment.id,
      testNow,
    ]);
    await close(id, 'opt-out');
    expect(await signals(sent)).toEqual([]);
    expect(await query(em, 'select reason from suppression where address_hash = $1', [sent.point.addressHash])).toHaveLength(1);
  });

  it('works for an answer without a message', async () => {
    const sent = await sendOffer(em, 'sms', { message: { state: 'planned', submittedAt: null, providerId: null } });
    const { responseId } = await receiveResponse(
      em.fork(),
      {
        source: 'twilio',
        sourceId: newId(),
        channel: 'sms',
        by: { addressHash: sent.point.addressHash },
        said: () => ({ answer: 'unclear', because: 'no rule' }),
        text: 'hm',
      },
      hours(1),
    );
    const task = await queryOne<{ id: string }>(em, 'select id from task where response_id = $1', [responseId]);
    await close(task?.id ?? '', 'opt-out');
    expect(await query(em, 'select reason from suppression where address_hash = $1', [sent.point.addressHash])).toHaveLength(1);
  });

  it('has one effect for ten attempts at once', async () => {
    const sent = await sendOffer(em, 'email');
    const id = await opened(sent);
    const closed = await Promise.all(Array.from({ length: 10 }, () => close(id, 'accepted')));
    expect(new Set(closed.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await signals(sent)).toHaveLength(1);
    expect(await responses(sent)).toHaveLength(2);
  });

  it('with another meaning than before is a conflict', async () => {
    const id = await opened(await sendOffer(em, 'email'));
    await close(id, 'none');
    await expect(close(id, 'accepted')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('as accepted after the offer ended is a conflict, and the task stays open', async () => {
    const sent = await sendOffer(em, 'email');
    const id = await opened(sent);
    await expect(close(id, 'accepted', hours(15 * 24))).rejects.toMatchObject({ kind: 'conflict' });
    expect(await list()).toHaveLength(1);
    expect(await responses(sent)).toHaveLength(1);
  });

  it('that does not exist is not found', async () => {
    await expect(close(newId(), 'none')).rejects.toMatchObject({ kind: 'not-found' });
  });
});
