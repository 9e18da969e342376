import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { toFeatureRow, type FeatureRow } from './model/features.js';

/** A customer as models see it. */
export interface CustomerRow {
  readonly id: string;
  readonly externalId: string;
  readonly features: FeatureRow;
}

const pageSize = 2000;

/**
 * The customers who may be scored, in pages: not those who have left, nor those who object to marketing (GDPR article 21 covers
 * profiling for it too).
 * @param customerIds only these; all where it is undefined
 */
export async function* customerRows(em: EntityManager, customerIds?: readonly string[]): AsyncGenerator<CustomerRow[]> {
  let after: string | null = null;
  for (;;) {
    const page: Row[] = await query<Row>(em, selectPage, [after, customerIds ?? null, pageSize]);
    if (page.length > 0) yield page.map((row) => ({ id: row.id, externalId: row.externalId, features: toFeatureRow(row) }));
    after = page.at(-1)?.id ?? null;
    if (page.length < pageSize) return;
  }
}

/** How many customers may be scored. */
export async function countCustomerRows(em: EntityManager): Promise<number> {
  const [row] = await query<{ count: number }>(em, `select count(*) from customer where ${mayBeScored}`);
  return row?.count ?? 0;
}

interface Row {
  readonly id: string;
  readonly externalId: string;
  readonly plan: string | null;
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
  readonly tenure: number | null;
  readonly attributes: FeatureRow;
}

const mayBeScored = `status <> 'left' and objected_at is null`;

const selectPage = `
select id, external_id as "externalId", plan, monthly_charge as "monthlyCharge", currency, tenure, attributes
from customer
where ${mayBeScored} and ($1::uuid is null or id > $1) and ($2::uuid[] is null or id = any($2))
order by id
limit $3`;
