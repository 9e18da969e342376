import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import type { Population } from '../features/population.js';
import { matches } from '../features/event-filter.js';
import { at, SqlWriter } from '../features/sql-writer.js';
import type { TieSettings, TiesSettings } from './tie-settings.js';
import { tieKinds, type TieKind, type Ties } from './ties.js';

/** All customers whose ties count, as numbers from 0: first those who are scored, in the order of their ids, then who has left. */
export interface Network {
  readonly ids: readonly string[];
  /** How many of them are scored. */
  readonly scored: number;
  readonly ties: Ties;
  /** NaN for who has not left, or nobody knows when. */
  readonly daysSinceChurn: Float64Array;
}

/** More customers than this with one value of an attribute are no household: the value says something else. */
const mostInHousehold = 20;
const dayMs = 86_400_000;

/** Reads who is tied to whom, as far as that was known at an instant. Of those who object or were erased nothing is read. */
export async function readNetwork(em: EntityManager, ties: TiesSettings, population: Population, instant: Date): Promise<Network> {
  const { sql, params } = membersStatement(population, instant);
  const customers = await query<{ id: string; scored: boolean; churnedAt: Date | null }>(em, sql, params);
  const placeOf = new Map(customers.map(({ id }, place) => [id, place]));
  const found: { kind: number; from: number; to: number }[] = [];
  for (const [kind, settings] of Object.entries(ties) as [TieKind, TieSettings | undefined][]) {
    if (settings === undefined) continue;
    const { sql, params } = tiesStatement(settings, instant);
    for (const { one, other } of await query<Pair>(em, sql, params)) {
      const [from, to] = [placeOf.get(one), placeOf.get(other)];
      if (from !== undefined && to !== undefined) found.push({ kind: tieKinds.indexOf(kind), from, to });
    }
  }
  return {
    ids: customers.map(({ id }) => id),
    scored: customers.reduce((sum, { scored }) => sum + Number(scored), 0),
    ties: {
      kind: Uint8Array.from(found, ({ kind }) => kind),
      from: Uint32Array.from(found, ({ from }) => from),
      to: Uint32Array.from(found, ({ to }) => to),
      weight: new Float64Array(found.length).fill(1),
    },
    daysSinceChurn: Float64Array.from(customers, ({ churnedAt }) =>
      churnedAt === null ? NaN : (instant.getTime() - churnedAt.getTime()) / dayMs,
    ),
  };
}

interface Pair {
  readonly one: string;
  readonly other: string;
}

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

function membersStatement(population: Population, instant: Date): Statement {
  const writer = new SqlWriter(instant);
  const sql = `select c.id, (${population(writer)}) is true as scored,
      case when c.status = 'churned' and c.churned_at <= ${at} then c.churned_at end as "churnedAt"
    from customer c where c.objected_at is null and c.erased_at is null order by 2 desc, 1`;
  return { sql, params: writer.params };
}

function tiesStatement(settings: TieSettings, instant: Date): Statement {
  const writer = new SqlWriter(instant);
  const sql = 'attribute' in settings ? sharedAttribute(settings.attribute, writer) : namedInEvents(settings, writer);
  return { sql, params: writer.params };
}

function sharedAttribute(attribute: string, writer: SqlWriter): string {
  const name = writer.param(attribute, 'text');
  return `with member as (
      select c.id, c.attributes -> ${name} as value, count(*) over (partition by c.attributes -> ${name}) as size from customer c
      where ${at} is not null and c.objected_at is null and c.erased_at is null and jsonb_typeof(c.attributes -> ${name}) in ('string', 'number'))
    select a.id as one, b.id as other from member a join member b on b.value = a.value and a.id < b.id
    where a.size between 2 and ${String(mostInHousehold)} and a.value <> '""'::jsonb`;
}

function namedInEvents(settings: Exclude<TieSettings, { readonly attribute: string }>, writer: SqlWriter): string {
  const said = `e.data ->> ${writer.param(settings.to, 'text')}`;
  return `select distinct e.customer_id as one, o.id as other from customer_event e join customer o on o.external_id = ${said}
    where ${matches(settings, writer)} and e.at <= ${at}`;
}
