import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { toFeatureRow, type FeatureRow } from './model/features.js';

/** A customer as models see it. */
export interface CustomerRow {
  readonly id: string;
  readonly externalId: string;
  readonly features: FeatureRow;
  readonly churned: boolean;
  /** When they were first stored here. */
  readonly since: Date;
}

const pageSize = 2000;

/**
 * Customers who have churned or object to marketing may not be scored (GDPR article 21 also covers profiling for marketing). The model may
 * learn from churned customers too, because it needs them.
 */
export type Whom = 'scored' | 'learnt-from';

const conditions: Readonly<Record<Whom, string>> = {
  scored: `status <> 'churned' and objected_at is null and erased_at is null`,
  'learnt-from': 'objected_at is null and erased_at is null',
};

/** Customers as models see them, in pages. @param customerIds only these; all if it is undefined */
export async function* customerRows(em: EntityManager, whom: Whom, customerIds?: readonly string[]): AsyncGenerator<CustomerRow[]> {
  let after: string | null = null;
  for (;;) {
    const page: Row[] = await query<Row>(em, selectPage(whom), [after, customerIds ?? null, pageSize]);
    if (page.length > 0)
      yield page.map((row) => ({
        id: row.id,
        externalId: row.externalId,
        features: toFeatureRow(row),
        churned: row.churned,
        since: row.since,
      }));
    after = page.at(-1)?.id ?? null;
    if (page.length < pageSize) return;
  }
}

/** How many customers there are to score, or to learn from. */
export async function countCustomerRows(em: EntityManager, whom: Whom): Promise<number> {
  const [row] = await query<{ count: number }>(em, `select count(*) from customer where ${conditions[whom]}`);
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
  readonly churned: boolean;
  readonly since: Date;
}

const selectPage = (whom: Whom): string => `
select id, external_id as "externalId", plan, monthly_charge as "monthlyCharge", currency, tenure, attributes,
  status = 'churned' as churned, created_at as since
from customer
where ${conditions[whom]} and ($1::uuid is null or id > $1) and ($2::uuid[] is null or id = any($2))
order by id
limit $3`;
