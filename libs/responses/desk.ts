import type { EntityManager } from '@mikro-orm/postgresql';
import type { NotNull } from 'kysely';
import { answers } from '../journeys/answers/table.js';
import { writeEvents } from '../outbox/write-events.js';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import { retriedTransaction } from '../persistence/retried.js';
import { actOn } from './act.js';
import type { Classification } from './classify.js';
import { choiceOf, type Meaning } from './desk-choices.js';
import { loadChoiceFacts } from './desk-facts.js';
import { keepJourney, respondentOfResponse, type Respondent } from './find-respondent.js';
import type { Response } from './response.entity.js';
import type { Task, TaskKind } from './task.entity.js';
import { lockCustomerOfTask } from './task-locks.js';

/** Campaign milliseconds that a person has for a task. */
const dueWithin = 24 * 60 * 60 * 1000;

/** Whether a person should read this. After the spam button there is nothing to read. */
export function opensTask({ answer, reported = false }: Classification): boolean {
  const kind = answers.get(answer);
  return kind.desk === true && !(reported && kind.reported !== undefined);
}

/** The most tasks of one customer that are opened within an hour, so that a program that answers endlessly does not fill the desk. */
const mostTasks = 5;
const countedWithin = 60 * 60 * 1000;

/**
 * Puts an answer into the queue of the desk, due in a day. For one customer only a few per hour: further answers are stored, and visible
 * beside those.
 */
export async function openTask(
  tx: EntityManager,
  of: { readonly kind: TaskKind; readonly responseId: string; readonly customerId: string; readonly enrolmentId: string | null },
  now: Date,
): Promise<void> {
  // Answers that arrive at the same time are counted one after the other.
  await query(tx, `select pg_advisory_xact_lock(hashtext('task'), hashtext($1))`, [of.customerId]);
  await query(
    tx,
    `insert into task (id, kind, response_id, customer_id, enrolment_id, created_at, due_at)
     select $1, $2, $3, $4, $5, $6, $7
     where (select count(*) from task where customer_id = $4 and created_at > $8) < $9`,
    [
      ...[newId(), of.kind, of.responseId, of.customerId, of.enrolmentId, now, new Date(now.getTime() + dueWithin)],
      ...[new Date(now.getTime() - countedWithin), mostTasks],
    ],
  );
}

export interface ClosedTask {
  readonly id: string;
  readonly resolution: Meaning;
  readonly closedAt: Date;
  readonly closedBy: string;
}

/**
 * Records a person's decision about what an answer meant; then everything that follows from that answer is done, and the journey is
 * notified if it still runs. The original answer is not changed: the decision is a new answer, from the source `desk`. The same decision
 * again changes nothing.
 * @param by who decides, as in `api-key:<id>`
 * @throws Problem not-found; conflict if it was closed with another meaning, or if the offer can no longer be accepted or declined
 */
export async function closeTask(em: EntityManager, taskId: string, answer: Meaning, by: string, now: Date): Promise<ClosedTask> {
  return retriedTransaction(em, 5, async (tx) => {
    const responseId = await lockCustomerOfTask(tx, taskId);
    const found = await respondentOfResponse(tx, responseId);
    const respondent = found && (await keepJourney(tx, found));
    if (respondent === undefined) throw new Error(`The response of task ${taskId} has no customer`);
    const closed = await queryOne<{ channel: Response['channel'] }>(
      tx,
      `update task t set closed_at = $2, resolution = $3, closed_by = $4 from response r
       where t.id = $1 and t.closed_at is null and r.id = t.response_id
       returning r.channel`,
      [taskId, now, answer, by],
    );
    if (closed === undefined) return closedBefore(tx, taskId, answer);
    if (answer !== 'none') await act(tx, { taskId, respondent, channel: closed.channel }, answer, now);
    return { id: taskId, resolution: answer, closedAt: now, closedBy: by };
  });
}

async function closedBefore(tx: EntityManager, taskId: string, answer: Meaning): Promise<ClosedTask> {
  const task = await tables<typeof Task>(tx)
    .selectFrom('Task')
    .select(['id', 'resolution', 'closedAt', 'closedBy'])
    .where('id', '=', taskId)
    // Both are written when a task is closed, and this task is closed.
    .$narrowType<{ closedAt: NotNull; closedBy: NotNull }>()
    .executeTakeFirst();
  if (task === undefined) throw notFound('task', taskId);
  const { id, resolution, closedAt, closedBy } = task;
  if (resolution !== answer) throw conflict(`The task is closed already, as “${resolution}”`, 'Load the list again.');
  return { id, resolution, closedAt, closedBy };
}

async function act(
  tx: EntityManager,
  { taskId, respondent, channel }: { readonly taskId: string; readonly respondent: Respondent; readonly channel: Response['channel'] },
  answer: Exclude<Meaning, 'none'>,
  now: Date,
): Promise<void> {
  await lockOffer(tx, respondent);
  const facts = (await loadChoiceFacts(tx, [taskId], now)).get(taskId);
  if (facts === undefined) throw new Error(`The task ${taskId} is gone`);
  const choice = choiceOf(facts, answer);
  if (choice.unavailable)
    throw conflict(`The offer is no longer open: it is ${String(facts.offer)}`, 'Choose another meaning, and speak with the customer.');
  const responseId = newId();
  await tables<typeof Response>(tx)
    .insertInto('Response')
    .values({
      id: responseId,
      source: 'desk',
      sourceId: taskId,
      channel,
      customer: respondent.customerId,
      enrolment: respondent.enrolmentId,
      message: respondent.messageId,
      answer,
      because: 'the desk',
      receivedAt: now,
    })
    .execute();
  const address = respondent.addressHash === null ? null : { channel, addressHash: respondent.addressHash };
  const journeyAnswer = await actOn(tx, answer, { source: 'desk', because: 'the desk', reported: false, respondent, address }, now);
  const { customerId, enrolmentId } = respondent;
  const payload = { responseId, enrolmentId, answer, journeyAnswer: choice.journey?.notified === true ? journeyAnswer : null };
  await writeEvents(tx, [{ kind: 'response.received', customerId, payload }], now);
}

/** Nobody else may accept, decline or end the offer between the check and the action. */
async function lockOffer(tx: EntityManager, { offerId }: Respondent): Promise<void> {
  if (offerId !== null) await query(tx, 'select id from offer where id = $1 for update', [offerId]);
}
