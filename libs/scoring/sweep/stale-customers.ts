import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { Population } from '../features/population.js';
import { at, SqlWriter } from '../features/sql-writer.js';

/** Whom a sweep looks for. */
export interface StaleSearch {
  readonly kind: ScoreName;
  readonly modelId: string;
  /** Who is scored at all. */
  readonly population: Population;
  /** The instant as of which the sweep scores. */
  readonly at: Date;
  /** When the last finished sweep of the same model began; null where there was none, and everybody is looked at. */
  readonly since: Date | null;
}

/**
 * The next customers, by id, whose score may be another than the one that is stored: they have none of this model, they were changed since,
 * something happened to them since the last sweep, or it was known that time alone changes it by now.
 * @param after an id; null to begin
 * @param upTo an id; null for no end
 */
export async function staleCustomers(
  em: EntityManager,
  { kind, modelId, population, at: instant, since }: StaleSearch,
  { after, upTo, most }: { readonly after: string | null; readonly upTo: string | null; readonly most: number },
): Promise<string[]> {
  const writer = new SqlWriter(instant);
  const who = population(writer);
  const [from, to] = [writer.param(after ?? firstId, 'uuid'), writer.param(upTo ?? lastId, 'uuid')];
  const isUpToDate = `s.model_id = ${writer.param(modelId, 'uuid')} and s.scored_at >= c.updated_at
      and (s.next_change_at is null or s.next_change_at > ${at})`;
  const lately = since === null ? undefined : touchedSince(writer.param(new Date(since.getTime() - longestWait), 'timestamptz'));
  const touched = lately === undefined ? 'false' : 'c.id in (select customer_id from touched)';
  const sql = `${lately === undefined ? '' : `with touched as materialized (${lately}) `}select c.id from customer c left join score s on s.customer_id = c.id and s.kind = ${writer.param(kind, 'text')}
     where c.id > ${from} and c.id <= ${to} and (${who})
       and (s.customer_id is null or not (${isUpToDate}) or ${touched})
     order by c.id limit ${writer.param(most, 'int')}`;
  const rows = await query<{ id: string }>(em, sql, writer.params);
  return rows.map(({ id }) => id);
}

/** Milliseconds for which something may be under way: it is committed later than the instant of which it says that it was received. */
const longestWait = 600_000;

const firstId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** To whom something happened that features are read from. @param since an SQL expression */
const touchedSince = (since: string): string => `
  select customer_id from customer_event where received_at >= ${since}
  union select customer_id from message where submitted_at >= ${since}
  union select customer_id from response where received_at >= ${since}
  union select customer_id from task where greatest(created_at, closed_at) >= ${since}`;
