import type { MikroORM } from '@mikro-orm/postgresql';
import { query } from '../../libs/persistence/sql.js';

/** Statements that make customers with a year of events: use each month, failed payments, visits to the cancel page. $1 is now, $2 how many. */
const statements = [
  `insert into customer (id, external_id, locale, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
   select uuidv7(), 'made-' || n, 'en', 'active', (array['basic', 'plus', 'gold'])[1 + n % 3], 2000 + (n::bigint * 7919) % 8000, 'EUR', (n::bigint * 104729) % 72,
     jsonb_build_object('contract', (array['month-to-month', 'one-year', 'two-year'])[1 + (n::bigint * 31) % 3], 'lines', 1 + n % 4),
     '{}', $1::timestamptz - interval '1 year', $1::timestamptz - interval '1 day'
   from generate_series(1, $2::int) n`,
  `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
   select uuidv7(), c.id, e.kind, e.at, e.data, 'bench', c.external_id || '-' || e.kind || e.month, e.at
   from (select id, external_id, row_number() over (order by id) as n from customer where $2::int > 0) c cross join lateral (
     select 'usage' as kind, month, $1::timestamptz - make_interval(days => month * 30, secs => ((n * 7907 + month) % 2592000)) as at,
       jsonb_build_object('minutes', 50 + (n * 13 + month * month * (n % 7)) % 400) as data from generate_series(0, 11) month
     union all select 'payment.failed', month, $1::timestamptz - make_interval(days => month * 60, secs => (n * 6007 % 5184000)), '{}'
       from generate_series(0, (n % 11)::int - 8) month
     union all select 'page.viewed', month, $1::timestamptz - make_interval(days => month * 10, secs => (n * 5003 % 864000)),
       jsonb_build_object('page', case when n % 2 = 0 then 'cancel' else 'help' end)
       from generate_series(0, (n % 13)::int - 10) month) e
   where e.at <= $1::timestamptz`,
];

export async function makePeople(orm: MikroORM, count: number, now: Date): Promise<void> {
  for (const sql of statements) await query(orm.em.fork(), sql, [now, count]);
  await query(orm.em.fork(), 'vacuum (analyze) customer, customer_event');
}

/** One customer in a hundred has a failed payment that was just received. */
export async function changeSome(orm: MikroORM, now: Date): Promise<void> {
  await query(
    orm.em.fork(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     select uuidv7(), id, 'payment.failed', $1, '{}', 'bench', external_id || '-late', $1
     from (select id, external_id, row_number() over (order by id) as n from customer) c where n % 100 = 0`,
    [now],
  );
}
