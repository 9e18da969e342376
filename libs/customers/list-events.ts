import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

export interface ListedEvent {
  readonly id: string;
  readonly kind: string;
  readonly at: Date;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What happened to a customer, the latest first. @param before the last event of the page before */
export async function listEvents(em: EntityManager, customerId: string, before: string | null, rows: number): Promise<ListedEvent[]> {
  return query<ListedEvent>(
    em,
    `select v.id, v.kind, v.at, v.source, v.data from customer_event v
     where v.customer_id = $1 and ($2::uuid is null or (v.at, v.id) < (select s.at, s.id from customer_event s where s.id = $2))
     order by v.at desc, v.id desc limit $3`,
    [customerId, before, rows],
  );
}
