import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';

/** Which types of values customers have under a name, and how many customers. */
export type StoredAttributes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Customers that are looked at: what none of so many has, was most likely misspelled. */
const mostCustomers = 50_000;

/** Columns that every customer has, which features may read. */
const columns = { plan: 'string', monthly_charge: 'number', tenure: 'number' } as const;

/** The attributes and columns that customers have. */
export async function storedAttributes(em: EntityManager): Promise<StoredAttributes> {
  const rows = await query<{ name: string; type: string; count: number }>(em, statement, [mostCustomers]);
  const stored = new Map<string, Map<string, number>>();
  for (const { name, type, count } of rows) stored.set(name, (stored.get(name) ?? new Map<string, number>()).set(type, count));
  for (const [name, type] of Object.entries(columns)) stored.set(name, new Map([[type, 1]]));
  return stored;
}

const statement = `
select a.key as name, jsonb_typeof(a.value) as type, count(*) as count
from (select attributes from customer where erased_at is null and objected_at is null order by id limit $1) c
cross join lateral jsonb_each(c.attributes) a
where jsonb_typeof(a.value) <> 'null'
group by 1, 2`;
