import type { FeatureList } from './feature.js';
import type { FeatureSql } from './feature-source.js';
import { relations, type Relation, type RelationName } from './relations.js';
import { sourceOf } from './sources/table.js';
import { at, SqlWriter } from './sql-writer.js';
import { leaving } from './windows.js';

/** Whose features are read: those named; or the next `most` after an id, in the order of ids, up to another. */
export type Whom =
  { readonly ids: readonly string[] } | { readonly after: string | null; readonly upTo: string | null; readonly most: number };

/** What is read. */
export interface Reading {
  readonly features: FeatureList;
  /** The instant of reading: nothing that happened later is seen. */
  readonly at: Date;
  readonly whom: Whom;
  /** Who of them: a condition over alias c. */
  population(writer: SqlWriter): string;
  /** What else is wanted of each, by name: as JSON has it. */
  also?(writer: SqlWriter): Readonly<Record<string, FeatureSql>>;
  /** Whether it is asked when the features change by time alone. */
  readonly nextChange: boolean;
}

export interface FeatureStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** How each feature is made of what was read, where it is a number of days. */
  readonly days: readonly FeatureSql['days'][];
  /** The names of what else was wanted, in the order of its columns. */
  readonly also: readonly string[];
}

/**
 * The one statement that reads features: for a page of a sweep, for training at a past instant, and for the customer to whom something just
 * happened. It reads each table once, by ranges of its index, for all features together, and answers with one row: a JSON array for each
 * column, which PostgreSQL writes and a program reads much faster than as many rows. Each part is materialized: where PostgreSQL does not
 * know yet how many events there are, it would else read a table once for each customer.
 *
 * Columns: `ids`, `v0`, `v1`, ... in the order of the features and then of what else is wanted, and `next_change_at` in milliseconds since 1970.
 */
export function featureStatement(reading: Reading): FeatureStatement {
  const writer = new SqlWriter(reading.at);
  const whom = whomSql(reading.whom, writer);
  const features = reading.features.map(([name, declared]) => sourceOf(declared).sql(declared, name, writer));
  const also = reading.also?.(writer) ?? {};
  const read = [...features, ...Object.values(also)];
  const used = (Object.keys(relations) as (keyof typeof relations)[]).filter((name) => read.some(({ from }) => from === name));

  const parts = [
    `whom as materialized (
select c.id${selected(read, 'customer')} from customer c
where ${at} is not null and ${whom.customers} and (${reading.population(writer)})
order by c.id${whom.limit})`,
    ...used.map((name) => {
      const relation: Relation = relations[name];
      const customer = `${relation.alias}.customer_id`;
      const rows = [whom.rows(customer), ...rowsThatMatter(relation, ofRelation(read, name), reading.nextChange, writer)];
      const changes = reading.nextChange ? `,\n  ${nextChange(relation, ofRelation(features, name), writer)} as next` : '';
      return `${name} as materialized (
select ${customer}${selected(read, name)}${changes} from ${relation.table} ${relation.alias}
where ${rows.join(' and ')}
group by ${customer})`;
    }),
  ];
  const columns = read.map(({ from, none }, index) => {
    const column = `${nameOf(from)}.v${String(index)}`;
    return none === undefined ? column : `coalesce(${column}, ${none})`;
  });
  const next = ['null::timestamptz', ...(reading.nextChange ? used.map((name) => `${name}.next`) : [])].join(', ');
  return {
    sql: `with ${parts.join(',\n')}
select json_agg(x.id) as ids${columns.map((_, index) => `, json_agg(x.v${String(index)}) as v${String(index)}`).join('')},
  json_agg(ceil(extract(epoch from x.next) * 1000)::bigint) as next_change_at
from (
select whom.id${columns.map((column, index) => `, ${column} as v${String(index)}`).join('')}, least(${next}) as next
from whom${used.map((name) => ` left join ${name} on ${name}.customer_id = whom.id`).join('')}
order by whom.id) x`,
    params: writer.params,
    days: features.map(({ days }) => days),
    also: Object.keys(also),
  };
}

const nameOf = (from: RelationName): string => (from === 'customer' ? 'whom' : from);
const ofRelation = (read: readonly FeatureSql[], name: RelationName): FeatureSql[] => read.filter(({ from }) => from === name);

/** The values that are read from one relation, each after a comma. */
function selected(read: readonly FeatureSql[], name: RelationName): string {
  return read.flatMap(({ from, value }, index) => (from === name ? [`,\n  ${value} as v${String(index)}`] : [])).join('');
}

/** When the values of one relation may be others because time went by: a row leaves a window, or one that lay ahead comes in. */
function nextChange({ at: time }: Relation, read: readonly FeatureSql[], writer: SqlWriter): string {
  const windows = read.flatMap((each) => each.windows ?? []);
  return `least(${[...leaving(windows, writer), `min(${time}) filter (where ${time} > ${at})`].join(', ')})`;
}

/** Conditions that leave out rows that no feature of the relation looks at. */
function rowsThatMatter(relation: Relation, read: readonly FeatureSql[], nextChange: boolean, writer: SqlWriter): string[] {
  const reaches = read.flatMap(({ reachMs }) => reachMs ?? []);
  const kinds = read.flatMap((each) => each.kinds ?? []);
  return [
    ...(reaches.length === read.length ? [`${relation.at} > ${writer.before(Math.max(...reaches))}`] : []),
    ...(nextChange || read.some(({ ahead }) => ahead) ? [] : [`${relation.at} <= ${at}`]),
    ...(relation.kinds !== undefined && read.every((each) => each.kinds !== undefined)
      ? [relation.kinds([...new Set(kinds)], writer)]
      : []),
  ];
}

const firstId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface WhomSql {
  /** A condition over alias c. */
  readonly customers: string;
  readonly limit: string;
  /** Which rows of another table are theirs. */
  readonly rows: (customer: string) => string;
}

function whomSql(whom: Whom, writer: SqlWriter): WhomSql {
  if ('ids' in whom) {
    const ids = writer.param(whom.ids, 'uuid[]');
    return { customers: `c.id = any(${ids})`, limit: '', rows: (customer) => `${customer} = any(${ids})` };
  }
  const after = writer.param(whom.after ?? firstId, 'uuid');
  const upTo = writer.param(whom.upTo ?? lastId, 'uuid');
  return {
    customers: `c.id > ${after} and c.id <= ${upTo}`,
    limit: ` limit ${writer.param(whom.most, 'int')}`,
    rows: (customer) => `${customer} > ${after} and ${customer} <= (select id from whom order by id desc limit 1)`,
  };
}
