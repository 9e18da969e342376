import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { minorPerMajorSql } from '../platform/currencies.js';
import { notFound } from '../platform/problem.js';
import { dayMs, longestLookBackDays, type Facts } from './facts.js';

interface Row {
  readonly columns: Record<string, string | number | boolean | null>;
  readonly attributes: Record<string, string | number | boolean | null>;
  readonly score: Record<string, number>;
  readonly events: Facts['events'];
}

/**
 * The facts about one customer that rules can use, read in the transaction of `em`.
 * @throws Problem not-found
 */
export async function loadFacts(em: EntityManager, customerId: string, now: Date): Promise<Facts> {
  const row = await queryOne<Row>(
    em,
    `select jsonb_build_object('external_id', c.external_id, 'status', c.status,
              'notice', c.churned_at is not null and c.status <> 'churned', 'plan', c.plan,
              'monthly_charge', c.monthly_charge::double precision / ${minorPerMajorSql('c.currency')}, 'tenure', c.tenure,
              'time_zone', c.time_zone, 'locale', c.locale) as columns,
            c.attributes,
            (select coalesce(jsonb_object_agg(s.kind, s.value), '{}') from score s where s.customer_id = c.id) as score,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', v.kind, 'at', floor(extract(epoch from v.at) * 1000)) order by v.at), '[]')
             from customer_event v where v.customer_id = c.id and v.at > $2 and v.at <= $3) as events
     from customer c where c.id = $1`,
    [customerId, new Date(now.getTime() - longestLookBackDays * dayMs), now],
  );
  if (row === undefined) throw notFound('customer', customerId);
  return {
    customer: { ...row.attributes, ...row.columns },
    score: row.score,
    events: row.events,
    now: now.getTime(),
  };
}
