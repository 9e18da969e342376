import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/** A customer as another system names them: by our id or by the company's number. */
export interface NamedCustomer {
  readonly customerId?: string;
  readonly externalId?: string;
}

/** The id of each named customer, in the same order; null if unknown. */
export async function resolveCustomers(em: EntityManager, named: readonly NamedCustomer[]): Promise<(string | null)[]> {
  const rows = await query<{ id: string | null }>(
    em,
    `select c.id from jsonb_to_recordset($1::jsonb) as given (place int, id uuid, external text)
     left join customer c on (c.id = given.id or c.external_id = given.external) and c.erased_at is null order by given.place`,
    [JSON.stringify(named.map(({ customerId, externalId }, place) => ({ place, id: customerId ?? null, external: externalId ?? null })))],
  );
  return rows.map((row) => row.id);
}
