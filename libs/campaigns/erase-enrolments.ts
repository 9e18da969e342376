import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import type { Enrolment } from './enrolment.entity.js';
import type { TriggerState } from './trigger-state.entity.js';

/**
 * Removes what a customer's enrolments say about them, and whether triggers may enrol them. The rows remain, because reports count them and
 * their kept revenue.
 * @returns how many enrolments
 */
export async function eraseEnrolments(tx: EntityManager, customerId: string): Promise<number> {
  const theirs = tables<typeof Enrolment | typeof TriggerState>(tx);
  await theirs.deleteFrom('TriggerState').where('customer', '=', customerId).execute();
  const changed = theirs.updateTable('Enrolment').set({ triggerScore: null }).where('customer', '=', customerId);
  return (await changed.returning('id').execute()).length;
}
