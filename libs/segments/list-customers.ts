import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { Rule } from './rule.js';

/** What is shown of a customer: SQL columns over alias c. */
export const customerColumns = `c.id, c.external_id as "externalId", c.name, c.locale, c.time_zone as "timeZone", c.status, c.plan,
  c.monthly_charge as "monthlyCharge", c.currency, c.tenure, c.preferred_channel as "preferredChannel", c.attributes, c.made,
  c.objected_at as "objectedAt", c.churned_at as "churnedAt", c.created_at as "createdAt", c.updated_at as "updatedAt"`;

export interface CustomerRow {
  readonly id: string;
}

export interface CustomerFilter {
  readonly status: string | null;
  readonly search: string | null;
  readonly rule: Rule | null;
  readonly before: string | null;
  readonly rows: number;
}

/** Customers, newest first; with `rule`, only those for whom it holds now. */
export async function listCustomers(em: EntityManager, filter: CustomerFilter, now: Date): Promise<CustomerRow[]> {
  const params = [filter.before, filter.status, filter.search, filter.search === null ? null : escapeLike(filter.search), filter.rows];
  const rule = filter.rule?.toSql(params.length + 1, now);
  return query<CustomerRow>(
    em,
    `select ${customerColumns} from customer c
     where c.erased_at is null and ($1::uuid is null or c.id < $1) and ($2::text is null or c.status = $2)
       and ($3::text is null or c.external_id ilike $4 || '%' or c.name ilike $4 || '%' or c.name ilike '% ' || $4 || '%')
       and (${rule?.sql ?? 'true'})
     order by c.id desc limit $5`,
    [...params, ...(rule?.params ?? [])],
  );
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (special) => `\\${special}`);
}
