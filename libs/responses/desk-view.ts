import type { EntityManager } from '@mikro-orm/postgresql';
import { channelKinds } from '../channels/table.js';
import type { PolicyTables } from '../messaging/contact-policy/policy-tables.js';
import { judgeReply, loadReplyFacts, reachOf, type Reach, type ReplyFacts, type ReplyVerdict } from '../messaging/planning/plan-reply.js';
import type { Clock } from '../platform/clock.js';
import { choicesOf, type Choice } from './desk-choices.js';
import { loadChoiceFacts } from './desk-facts.js';
import { listTasks, type ListedTask, type TaskFilter } from './list-tasks.js';

/** Whether a person may reply now, with the consequences. */
export type ReplyOption =
  | {
      readonly possible: true;
      readonly address: string;
      /** When it would be sent: now, or at the end of the quiet hours. */
      readonly notBefore: Date;
      /** It would not be sent now. */
      readonly waits: boolean;
      /** The most characters. */
      readonly longest: number;
    }
  | { readonly possible: false; readonly reason: Extract<ReplyVerdict, { kind: 'block' }>['reason'] };

/** A task with all possible actions and their effects. */
export interface ViewedTask extends ListedTask {
  readonly reach: Reach;
  /** Null for a closed task; there are then no choices either. */
  readonly reply: ReplyOption | null;
  readonly choices: readonly Choice[];
}

/** The queue of the desk with all actions. A fixed number of statements, however many tasks there are. */
export async function viewTasks(
  em: EntityManager,
  filter: TaskFilter,
  tables: PolicyTables,
  clock: Pick<Clock, 'now' | 'realMs'>,
): Promise<ViewedTask[]> {
  const now = clock.now();
  const tasks = await listTasks(em, filter, now);
  const open = tasks.filter(({ closedAt }) => closedAt === null);
  const choices = await loadChoiceFacts(
    em,
    open.map(({ id }) => id),
    now,
  );
  const replies = await loadReplyFacts(
    em,
    tasks.map(({ customer }) => customer.id),
  );
  return tasks.map((task) => {
    const facts = choices.get(task.id);
    return {
      ...task,
      reach: reachOf(task.customer.id, replies),
      reply: task.closedAt === null ? replyOption(task, replies, tables, clock, now) : null,
      choices: facts === undefined ? [] : choicesOf(facts),
    };
  });
}

function replyOption(
  { customer, response }: ListedTask,
  facts: ReplyFacts,
  tables: PolicyTables,
  clock: Pick<Clock, 'realMs'>,
  now: Date,
): ReplyOption {
  const { channel, lastInboundAt } = response;
  const verdict = judgeReply({ customerId: customer.id, channel, at: new Date(lastInboundAt) }, facts, tables, clock, now);
  if (verdict.kind === 'block') return { possible: false, reason: verdict.reason };
  const { address, notBefore } = verdict;
  return { possible: true, address, notBefore, waits: notBefore > now, longest: channelKinds.get(channel).replies.longest };
}
