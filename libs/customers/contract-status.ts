import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { conflict } from '../platform/problem.js';
import type { CustomerStatus } from './customer.entity.js';
import { writeChanges } from '../outbox/write-events.js';

/** The status of a customer after the end or the renewal of a contract. */
const statusOf: ReadonlyMap<string, string> = new Map([
  ['contract.ended', 'churned'],
  ['contract.renewed', 'renewed'],
]);

/** The event that leads to a status. @throws Problem conflict for `active`: a contract that ended or was renewed can only be renewed */
export function contractEventFor(status: CustomerStatus): string {
  for (const [kind, makes] of statusOf) if (makes === status) return kind;
  throw conflict(`A customer cannot become ${status} again`, 'Use renewed for a contract that was renewed.');
}

/** True for an event that decides whether somebody is a customer. */
export const isContractEvent = (kind: string): boolean => statusOf.has(kind);

/** The fields that contract events and the day of a notice change, named as in rules. */
export const contractFields: readonly string[] = ['customer.status', 'customer.notice'];

/** An end may lie in the future: the customer has given notice. Every other event must have happened. */
export const mayLieAhead = (kind: string): boolean => kind === 'contract.ended';

/**
 * Sets the status of customers from their contract events, in whatever order these arrive: the latest event counts. A past event counts
 * from its own instant, a notice from when it was recorded, so that a later renewal cancels it. Until its day, a customer who has given
 * notice keeps their status; `churned_at` is the day when they churn.
 */
export async function applyContractEvents(tx: EntityManager, customerIds: readonly string[], now: Date): Promise<void> {
  if (customerIds.length === 0) return;
  const ids = [...new Set(customerIds)];
  // Two concurrent requests about one customer must see each other's events.
  await query(tx, 'select from customer where id = any($1::uuid[]) order by id for no key update', [ids]);
  await query(tx, applyStatement, [ids, now, [...statusOf.keys()]]);
}

const lastWord = (condition: string): string => `
  select e.kind, e.at from customer_event e
  where e.customer_id = w.id and e.kind = any($3::text[]) and ${condition}
  order by least(e.at, e.received_at) desc, e.id desc limit 1`;

const applyStatement = `
update customer c set updated_at = $2,
  churned_at = case when word.kind = 'contract.ended' then word.at end,
  status = case
    when word.kind = 'contract.renewed' then 'renewed'
    when word.at <= $2 then 'churned'
    when past.kind = 'contract.renewed' then 'renewed'
    else 'active' end
from unnest($1::uuid[]) as w (id)
cross join lateral (${lastWord('true')}) word
left join lateral (${lastWord('e.at <= $2')}) past on true
where c.id = w.id`;

/** The most customers at once. */
const batch = 1_000;

/**
 * Marks customers as churned whose notice day has come, and writes that they changed.
 * @returns how many
 */
export async function endDueContracts(em: EntityManager, now: Date): Promise<number> {
  return em.transactional(async (tx) => {
    const churned = await query<{ id: string }>(
      tx,
      `update customer set status = 'churned', updated_at = $1
       where id in (
         select id from customer where churned_at <= $1 and churned_at is not null and status <> 'churned' order by churned_at limit $2 for no key update skip locked)
       returning id`,
      [now, batch],
    );
    await writeChanges(
      tx,
      churned.map(({ id }) => ({ customerId: id, fields: contractFields })),
      now,
    );
    return churned.length;
  });
}
