import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { toFeatureRow } from '../features/feature-row.js';
import { declareScore, type Draft } from './declare-score.js';
import { columnsOfRows } from './sample.js';

/** So many customers show what their attributes hold. */
const mostCustomers = 5_000;

/** Drafts the declaration of a score from the customers who are here, by their attributes, plan, charge and tenure. */
export async function declareFromCustomers(em: EntityManager): Promise<Draft> {
  const rows = await query<Parameters<typeof toFeatureRow>[0]>(
    em,
    `select plan, monthly_charge::double precision as "monthlyCharge", currency, tenure, attributes from customer
     where erased_at is null and objected_at is null order by hashtextextended(external_id, 0) limit $1`,
    [mostCustomers],
  );
  return declareScore(columnsOfRows(rows.map(toFeatureRow)));
}
