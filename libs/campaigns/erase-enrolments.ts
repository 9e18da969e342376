import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/**
 * Empties what a customer's enrolments say of them, and forgets whether triggers may enrol them. The rows stay: reports count them,
 * and what they kept in revenue.
 * @returns how many enrolments
 */
export async function eraseEnrolments(tx: EntityManager, customerId: string): Promise<number> {
  await query(tx, 'delete from trigger_state where customer_id = $1', [customerId]);
  return (await query(tx, 'update enrolment set trigger_score = null where customer_id = $1 returning id', [customerId])).length;
}
