import type { EntityManager } from '@mikro-orm/postgresql';
import { lockAllLiving } from '../customers/living.js';
import { tables } from '../persistence/tables.js';
import { notFound } from '../platform/problem.js';
import type { Task } from './task.entity.js';

/**
 * Locks the customer whom a task is about until the transaction ends: before the task, in the order of locks.
 * @returns the id of the answer that the task is about
 * @throws Problem not-found if there is no such task, or its customer was erased
 */
export async function lockCustomerOfTask(tx: EntityManager, taskId: string): Promise<string> {
  const task = await tables<typeof Task>(tx)
    .selectFrom('Task')
    .select(['customer', 'response'])
    .where('id', '=', taskId)
    .executeTakeFirst();
  const living = await lockAllLiving(tx, task === undefined ? [] : [task.customer]);
  if (task === undefined || !living.has(task.customer)) throw notFound('task', taskId);
  return task.response;
}
