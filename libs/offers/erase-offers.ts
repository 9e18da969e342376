import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/**
 * Removes what a customer's decisions and offers say about them: amounts that were calculated from their charge and score, voucher codes,
 * and the caller's references. The rows remain, because reports count them and the cost of offers.
 * @returns how many of each
 */
export async function eraseOffers(tx: EntityManager, customerId: string): Promise<Readonly<Record<string, number>>> {
  const reference = `reference = case when reference is not null then 'erased:' || id end`;
  const decisions = await query(tx, `update decision set candidates = '[]', ${reference} where customer_id = $1 returning id`, [
    customerId,
  ]);
  const offers = await query(tx, `update offer set voucher_code = 'erased:' || id, ${reference} where customer_id = $1 returning id`, [
    customerId,
  ]);
  return { decisions: decisions.length, offers: offers.length };
}
