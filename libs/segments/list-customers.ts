import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerSearch } from '../customers/customer-search.js';
import { nameBegins, numberBegins } from '../customers/search-sql.js';
import { query } from '../persistence/sql.js';
import type { Rule } from './rule.js';

export interface CustomerFilter {
  readonly status: string | null;
  readonly search: CustomerSearch | null;
  /** Only customers for whom it holds now. */
  readonly rule: Rule | null;
  /** The last customer of the page before. */
  readonly before: string | null;
  readonly rows: number;
}

/**
 * The ids of customers, newest first. A search lists those first whose number or address it is, and then those whose number, or words of
 * whose name, begin so.
 */
export async function listCustomers(em: EntityManager, filter: CustomerFilter, now: Date): Promise<string[]> {
  const { search, before, rows } = filter;
  if (search === null) return everybody(em, filter, now);
  const exact = await exactly(em, filter, search, now);
  const amongExact = before === null || exact.includes(before);
  const first = amongExact ? exact.filter((id) => before === null || id < before).slice(0, rows) : [];
  const others = { ...filter, before: amongExact ? null : before, rows: rows - first.length };
  return others.rows === 0 ? first : [...first, ...(await beginning(em, others, search, exact, now))];
}

interface Id {
  readonly id: string;
}
const idsOf = (rows: readonly Id[]): string[] => rows.map(({ id }) => id);

async function everybody(em: EntityManager, { status, rule, before, rows }: CustomerFilter, now: Date): Promise<string[]> {
  const holds = rule?.toSql(4, now);
  const found = await query<Id>(
    em,
    `select c.id from customer c
     where c.erased_at is null and ($1::text is null or c.status = $1) and ($2::uuid is null or c.id < $2) and (${holds?.sql ?? 'true'})
     order by c.id desc limit $3`,
    [status, before, rows, ...(holds?.params ?? [])],
  );
  return idsOf(found);
}

/** More customers share no number or address that anybody looks for. */
const mostExact = 1_000;

async function exactly(em: EntityManager, { status, rule }: CustomerFilter, search: CustomerSearch, now: Date): Promise<string[]> {
  const holds = rule?.toSql(5, now);
  const found = await query<Id>(
    em,
    `select c.id from customer c
     where c.id in (select id from customer where external_id = $2
                    union select customer_id from contact_point where address_hash = any($3::text[]))
       and c.erased_at is null and ($1::text is null or c.status = $1) and (${holds?.sql ?? 'true'})
     order by c.id desc limit $4`,
    [status, search.number, search.addressHashes, mostExact, ...(holds?.params ?? [])],
  );
  return idsOf(found);
}

/**
 * Few are looked up by the indexes and sorted. If there are more than `few`, as for one letter, the newest are likely to be among the
 * newest `few` customers of all; only if they are not, everybody whom the indexes find is sorted. The count decides, so the statement
 * has all three, and PostgreSQL does only what it needs.
 */
const few = 10_000;

async function beginning(
  em: EntityManager,
  { status, rule, before, rows }: CustomerFilter,
  { number, words }: CustomerSearch,
  but: readonly string[],
  now: Date,
): Promise<string[]> {
  const holds = rule?.toSql(8, now);
  const wanted = `c.erased_at is null and c.id <> all($5::uuid[]) and ($3::text is null or c.status = $3)
    and ($4::uuid is null or c.id < $4) and (${holds?.sql ?? 'true'})`;
  const begins = `(${numberBegins('c', '$1')} or ${nameBegins('c', '$2')})`;
  const found = await query<Id>(
    em,
    `with begun as materialized (
       (select c.id from customer c where ${numberBegins('c', '$1')} limit $7 + 1)
       union (select c.id from customer c where ${nameBegins('c', '$2')} limit $7 + 1)
     ), newest as materialized (
       select c.id from (
         select c.* from customer c where (select count(*) from begun) > $7 and ($4::uuid is null or c.id < $4) order by c.id desc limit $7) c
       where ${begins} and ${wanted} order by c.id desc limit $6
     ), everybody as (
       select c.id from customer c
       where (select count(*) from begun) > $7 and (select count(*) from newest) < $6 and ${begins} and ${wanted} offset 0
     )
     (select c.id from begun b join customer c on c.id = b.id where (select count(*) from begun) <= $7 and ${wanted} order by c.id desc limit $6)
     union all (select id from newest where (select count(*) from newest) = $6)
     union all (select id from everybody order by id desc limit $6)`,
    [number, words, status, before, but, rows, few, ...(holds?.params ?? [])],
  );
  return idsOf(found);
}
