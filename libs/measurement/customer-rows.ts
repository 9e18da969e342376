import type { EntityManager } from '@mikro-orm/postgresql';
import { isUnderway } from '../campaigns/underway.js';
import { mayWriteToSql } from '../customers/may-write.js';
import { query } from '../persistence/sql.js';
import { customerColumns } from './customer-columns.js';

/** Customers as a list shows them, in the order of the ids: with their scores, the journeys that run, and where marketing may reach them. */
export async function customerRows(em: EntityManager, ids: readonly string[]): Promise<{ readonly id: string }[]> {
  return query(
    em,
    `select ${customerColumns},
       (select coalesce(jsonb_object_agg(s.kind, s.value), '{}') from score s where s.customer_id = c.id) as scores,
       (select count(*) from enrolment e where e.customer_id = c.id and ${isUnderway('e')}) as underway,
       array(select p.channel from contact_point p
             where p.customer_id = c.id and ${mayWriteToSql({ customer: 'c', point: 'p', purpose: `'marketing'` })} order by p.channel) as reachable
     from unnest($1::uuid[]) with ordinality as w (id, place) join customer c on c.id = w.id order by w.place`,
    [ids],
  );
}
