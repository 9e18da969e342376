import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/**
 * Leaves word for the journeys that could care: of a change of their customer's status, and of any event where their goal
 * asks about events.
 */
export async function tellOfChange(
  tx: EntityManager,
  events: readonly { readonly customerId: string; readonly changed: boolean }[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  await query(
    tx,
    `insert into pending_signal (id, enrolment_id, signal, created_at)
     select uuidv7(), e.id, '{"kind":"customer-changed"}', $3
     from enrolment e join campaign_version v on v.id = e.version_id
     where e.customer_id = any($1::uuid[]) and e.arm = 'treated' and e.state in ('entered', 'held')
       and (e.customer_id = any($2::uuid[]) or v.definition ->> 'goal' like '%events(%')`,
    [events.map(({ customerId }) => customerId), events.filter(({ changed }) => changed).map(({ customerId }) => customerId), now],
  );
}
