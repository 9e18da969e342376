import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { minorPerMajorSql } from '../platform/currencies.js';
import { notFound } from '../platform/problem.js';
import { dayMs, longestLookBackDays, type Facts } from './facts.js';

interface Row {
  readonly columns: Record<string, string | number | boolean | null>;
  readonly attributes: Record<string, string | number | boolean | null>;
  readonly score: Record<string, number>;
}

/**
 * What rules can ask about one customer, as it stands in the transaction of `em`.
 * @throws Problem not-found
 */
export async function loadFacts(em: EntityManager, customerId: string, now: Date): Promise<Facts> {
  const row = await queryOne<Row>(
    em,
    `select jsonb_build_object('external_id', c.external_id, 'status', c.status,
              'notice', c.left_at is not null and c.status <> 'left', 'plan', c.plan,
              'monthly_charge', c.monthly_charge::double precision / ${minorPerMajorSql('c.currency')}, 'tenure', c.tenure,
              'time_zone', c.time_zone, 'locale', c.locale) as columns,
            c.attributes,
            (select coalesce(jsonb_object_agg(s.kind, s.value), '{}') from score s where s.customer_id = c.id) as score
     from customer c where c.id = $1`,
    [customerId],
  );
  if (row === undefined) throw notFound('customer', customerId);
  const since = new Date(now.getTime() - longestLookBackDays * dayMs);
  const events = await query<{ kind: string; at: Date }>(
    em,
    'select kind, at from customer_event where customer_id = $1 and at > $2 and at <= $3 order by at',
    [customerId, since, now],
  );
  return {
    customer: { ...row.attributes, ...row.columns },
    score: row.score,
    events: events.map(({ kind, at }) => ({ kind, at: at.getTime() })),
    now: now.getTime(),
  };
}
