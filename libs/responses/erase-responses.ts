import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { Task } from './task.entity.js';

/** Locks a customer's tasks, in the same order as a reply: before their addresses. */
export async function lockTasks(tx: EntityManager, customerId: string): Promise<void> {
  await query(tx, 'select from task where customer_id = $1 order by id for update', [customerId]);
}

/**
 * Removes a customer's texts and the replies to them, and closes open tasks at the desk. The rows remain, because reports count the
 * answers.
 * @param by who erases, as in `api-key:<id>`
 * @returns how many of each
 */
export async function eraseResponses(
  tx: EntityManager,
  customerId: string,
  by: string,
  now: Date,
): Promise<Readonly<Record<string, number>>> {
  // A mail's own id may contain its writer's address; the rule that decided may be a word of theirs.
  const responses = await query(
    tx,
    `update response set text = null, thread = null, source_id = 'erased:' || id, because = case when reported then because else 'erased' end
     where customer_id = $1 returning id`,
    [customerId],
  );
  const tasks = await tables<typeof Task>(tx)
    .updateTable('Task')
    .set({ closedAt: now, resolution: 'none', closedBy: by })
    .where('customer', '=', customerId)
    .where('closedAt', 'is', null)
    .returning('id')
    .execute();
  const replies = await query(
    tx,
    `update reply r set text = '', key = r.message_id::text from task t where t.id = r.task_id and t.customer_id = $1 returning r.message_id`,
    [customerId],
  );
  return { responses: responses.length, closedTasks: tasks.length, replies: replies.length };
}
