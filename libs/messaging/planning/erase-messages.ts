import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { withdrawPlanned } from '../ledger/ledger.js';

/** Locks a customer's messages and then the requests for them, in the same order as a settlement: before their addresses. */
export async function lockMessages(tx: EntityManager, customerId: string): Promise<void> {
  await query(tx, 'select from message where customer_id = $1 order by id for no key update', [customerId]);
  await query(tx, 'select from message_request where customer_id = $1 order by id for update', [customerId]);
}

/**
 * Withdraws messages that were not submitted yet, and removes addresses and references from a customer's messages. The rows remain, because
 * reports count them. A message that is being submitted, or is unknown, stays so: a report may still settle it by the provider's own id,
 * and without an address it is never sent again.
 * @returns how many of each
 */
export async function eraseMessages(tx: EntityManager, customerId: string, now: Date): Promise<Readonly<Record<string, number>>> {
  const requests = await query(tx, 'delete from message_request where customer_id = $1 returning id', [customerId]);
  const withdrawn = await withdrawPlanned(tx, { customerId }, now);
  const messages = await query(
    tx,
    `update message set address_hash = null, reference = case when reference is not null then 'erased:' || id end
     where customer_id = $1 returning id`,
    [customerId],
  );
  return { messageRequests: requests.length, withdrawnMessages: withdrawn, messages: messages.length };
}
