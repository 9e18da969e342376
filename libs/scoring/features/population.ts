import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { compileRule } from '../../segments/rule.js';
import { knownFields, type Field } from '../../segments/fields.js';
import { at, SqlWriter } from './sql-writer.js';

/** A condition over alias c. */
export type Population = (writer: SqlWriter) => string;

/** Nobody is profiled for marketing who objects to it (GDPR article 21), and of those who were erased nothing is known. */
const mayBeProfiled = 'c.objected_at is null and c.erased_at is null';

/**
 * Who is scored: those of the declared population who are customers, and do not object.
 * @param rule in CEL; all where it is undefined
 */
export function scoredNow(rule: string | undefined): Population {
  return (writer) => [mayBeProfiled, `c.status <> 'churned'`, ruleSql(rule, knownFields(), writer)].join(' and ');
}

/**
 * Who is learnt from where an attribute says what happened: also those who have churned, for they are the ones to learn from. The rule sees their
 * status as it was before they did.
 */
export function learntFromNow(rule: string | undefined): Population {
  const before = replaced({ status: `(case when c.status = 'churned' then 'active' else c.status end)` });
  return (writer) => `${mayBeProfiled} and ${ruleSql(rule, before, writer)}`;
}

/**
 * Who was in the population at an instant in the past, as far as that is known: status and notice are as they were then, by the events of the contract;
 * events are counted as of then; attributes, which have no history, are as they are now.
 */
export function knownAt(rule: string | undefined): Population {
  const then = replaced({ status: statusThen, notice: noticeThen });
  return (writer) => [mayBeProfiled, `${knownSince} <= ${at}`, `${statusThen} <> 'churned'`, ruleSql(rule, then, writer)].join(' and ');
}

function ruleSql(rule: string | undefined, fields: readonly Field[], writer: SqlWriter): string {
  return rule === undefined ? 'true' : writer.include((firstParam) => compileRule(rule, fields).toSql(firstParam, at));
}

/** What rules can ask about, with other SQL for some columns of the customer. */
function replaced(sql: Readonly<Record<string, string>>): readonly Field[] {
  return knownFields().map((field) => {
    const other = field.of === 'customer' ? sql[field.name] : undefined;
    return other === undefined ? field : { ...field, sql: other };
  });
}

/** The last word about a contract that counted then, of an expression over it (see libs/customers/contract-status.ts). */
const lastWord = (expression: string, known: string): string => `(select ${expression} from customer_event w
  where w.customer_id = c.id and w.kind in ('contract.ended', 'contract.renewed') and ${known}
  order by least(w.at, w.received_at) desc, w.id desc limit 1)`;

/** Without a word about the contract, who has churned with a day was a customer until that day. */
const statusThen = `coalesce(
  ${lastWord(`case w.kind when 'contract.ended' then 'churned' else 'renewed' end`, `w.at <= ${at}`)},
  case when c.status = 'churned' and (c.churned_at is null or c.churned_at <= ${at}) then 'churned' else 'active' end)`;

const noticeThen = `coalesce(${lastWord(`w.kind = 'contract.ended' and w.at > ${at}`, `least(w.at, w.received_at) <= ${at}`)}, false)`;

/**
 * Since when somebody is known to have been a customer: since we have them, since their first event, or for the months that they have been one when
 * that was last written. An imported customer has been one for longer than we know them.
 */
const knownSince = `least(c.created_at, c.updated_at - make_interval(months => c.tenure),
  (select min(w.at) from customer_event w where w.customer_id = c.id))`;

/** How many there are. */
export async function countCustomers(em: EntityManager, population: Population, instant: Date): Promise<number> {
  const writer = new SqlWriter(instant);
  const sql = `select count(*) as count from customer c where ${at} is not null and (${population(writer)})`;
  return (await queryOne<{ count: number }>(em, sql, writer.params))?.count ?? 0;
}
