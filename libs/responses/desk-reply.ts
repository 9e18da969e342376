import type { EntityManager } from '@mikro-orm/postgresql';
import { channelKinds, type Channel } from '../channels/table.js';
import type { PolicyTables } from '../messaging/contact-policy/policy-tables.js';
import { insertReply, judgeReply, loadReplyFacts, type ReplyVerdict } from '../messaging/planning/plan-reply.js';
import { query, queryOne } from '../persistence/sql.js';
import { retriedTransaction } from '../persistence/retried.js';
import { tables } from '../persistence/tables.js';
import { withoutUnfit } from '../platform/bounds.js';
import type { Clock } from '../platform/clock.js';
import { conflict, notFound, Problem } from '../platform/problem.js';
import { lastInboundAt } from './desk-facts.js';
import { respondentOfResponse } from './find-respondent.js';
import type { Reply } from './reply.entity.js';
import { lockCustomerOfTask } from './task-locks.js';

export interface WrittenReply {
  readonly taskId: string;
  readonly text: string;
  /** The key of one click: the same key again sends nothing more. */
  readonly key: string;
  /** Who wrote it, as in `api-key:<id>`. */
  readonly by: string;
}

export interface PlannedReply {
  readonly taskId: string;
  readonly messageId: string;
  readonly channel: Channel;
  readonly text: string;
  /** When it may be sent: at once, or at the end of the quiet hours. */
  readonly notBefore: Date;
  readonly writtenAt: Date;
  readonly writtenBy: string;
}

interface AskedTask {
  readonly responseId: string;
  readonly customerId: string;
  readonly enrolmentId: string | null;
  readonly channel: Channel;
  readonly closed: boolean;
  readonly lastInboundAt: Date;
}

const longestKey = 200;

/**
 * Sends a person's reply on the channel of the answer: one message of the ledger, planned by the contact policy as a reply to a question,
 * and sent by the dispatcher like any other. The task stays open: the meaning of the answer is decided separately. The same key again
 * returns the first reply and sends nothing.
 * @throws Problem not-found; invalid if the text cannot be sent; conflict if the task is closed, the customer may not be contacted on this channel,
 *   or the key was used for another text
 */
export async function replyToTask(
  em: EntityManager,
  { taskId, text: written, key, by }: WrittenReply,
  policy: PolicyTables,
  clock: Pick<Clock, 'now' | 'realMs'>,
): Promise<PlannedReply> {
  if (key === '' || key.length > longestKey)
    throw new Problem('invalid', 'The key of the reply is not valid', [
      { where: 'Idempotency-Key', what: `has 1 to ${longestKey} characters` },
    ]);
  return retriedTransaction(em, 5, async (tx) => {
    const now = clock.now();
    await lockCustomerOfTask(tx, taskId);
    const task = await lockTask(tx, taskId);
    const text = sendable(written, task.channel);
    const before = await findReply(tx, taskId, key);
    if (before !== undefined) return sameReply(before, text);
    if (task.closed) throw conflict('The task is closed already', 'Load the list again.');

    await query(tx, 'select id from contact_point where customer_id = $1 order by id for update', [task.customerId]);
    const asked = { customerId: task.customerId, channel: task.channel, at: task.lastInboundAt };
    const verdict = judgeReply(asked, await loadReplyFacts(tx, [task.customerId]), policy, clock, now);
    if (verdict.kind === 'block')
      throw conflict(whyNot[verdict.reason] ?? 'The customer may not be contacted on this channel', 'Reach the customer in another way.');
    const offerId = (await respondentOfResponse(tx, task.responseId))?.offerId ?? null;
    const messageId = await insertReply(tx, {
      ...task,
      asked,
      taskId,
      offerId,
      occurrence: await nextOccurrence(tx, taskId),
      verdict,
      now,
    });
    const reply = { message: messageId, task: taskId, key, text, writtenAt: now, writtenBy: by };
    await tables<typeof Reply>(tx).insertInto('Reply').values(reply).execute();
    return { taskId, messageId, channel: task.channel, text, notBefore: verdict.notBefore, writtenAt: now, writtenBy: by };
  });
}

/** Why no reply can be sent, as a sentence for a person. */
const whyNot: Readonly<Partial<Record<Extract<ReplyVerdict, { kind: 'block' }>['reason'], string>>> = {
  suppressed: 'The customer has asked that nothing more goes to this address',
  withdrawn: 'The customer wants no messages about the contract on this channel',
  'dead-address': 'Nobody is at this address any more',
  'no-address': 'The customer has no address on this channel any more',
  'channel-off': 'This channel is not set up',
  'conversation-over': 'WhatsApp accepts no free text more than a day after the customer last wrote',
  'unknown-zone': 'It is not known what time it is where the customer is',
  'never-open': 'The contact hours leave no time at which the customer may be contacted',
};

async function lockTask(tx: EntityManager, taskId: string): Promise<AskedTask> {
  const task = await queryOne<AskedTask>(
    tx,
    `select t.response_id as "responseId", t.customer_id as "customerId", t.enrolment_id as "enrolmentId", r.channel,
            t.closed_at is not null as closed, ${lastInboundAt} as "lastInboundAt"
     from task t join response r on r.id = t.response_id where t.id = $1 for update of t`,
    [taskId],
  );
  if (task === undefined) throw notFound('task', taskId);
  return task;
}

function findReply(tx: EntityManager, taskId: string, key: string): Promise<PlannedReply | undefined> {
  return queryOne<PlannedReply>(
    tx,
    `select w.task_id as "taskId", m.id as "messageId", m.channel, w.text, m.not_before as "notBefore", w.written_at as "writtenAt",
            w.written_by as "writtenBy"
     from reply w join message m on m.id = w.message_id where w.task_id = $1 and w.key = $2`,
    [taskId, key],
  );
}

function sameReply(before: PlannedReply, text: string): PlannedReply {
  if (before.text !== text) throw conflict('This key was used for another reply', 'Use a new Idempotency-Key for each reply.');
  return before;
}

async function nextOccurrence(tx: EntityManager, taskId: string): Promise<number> {
  const written = tables<typeof Reply>(tx).selectFrom('Reply').where('task', '=', taskId);
  const { count } = await written.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return count + 1;
}

/**
 * The text as it is sent: with plain line breaks, and without characters that no provider accepts.
 * @throws Problem invalid if nothing remains, or the text is too long for the channel
 */
function sendable(written: string, channel: Channel): string {
  const { longest } = channelKinds.get(channel).replies;
  const text = withoutUnfit(written.replace(/\r\n?/g, '\n')).trim();
  const what = /^[\s\p{Cf}]*$/u.test(text)
    ? 'says nothing'
    : text.length > longest
      ? `has ${text.length} characters; ${longest} are the most`
      : undefined;
  if (what !== undefined) throw new Problem('invalid', 'The reply cannot be sent', [{ where: 'text', what }]);
  return text;
}
