import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import { compileRule, type Rule } from './rule.js';
import type { Segment } from './segment.entity.js';

export async function listSegments(em: EntityManager, before: string | null, rows: number): Promise<Segment[]> {
  const latest = tables<typeof Segment>(em).selectFrom('Segment').selectAll().orderBy('id', 'desc').limit(rows);
  return (before === null ? latest : latest.where('id', '<', before)).execute();
}

/** @throws Problem `conflict` if the name is taken */
export async function insertSegment(em: EntityManager, name: string, rule: string, now: Date): Promise<Segment> {
  const row = await tables<typeof Segment>(em)
    .insertInto('Segment')
    .values({ id: newId(), name, rule, createdAt: now })
    .onConflict((taken) => taken.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw conflict('A segment of this name exists already', 'Choose another name.');
  return row;
}

/** The compiled rule of a segment. */
export async function findSegmentRule(em: EntityManager, id: string): Promise<Rule> {
  const row = await tables<typeof Segment>(em).selectFrom('Segment').select('rule').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('segment', id);
  return compileRule(row.rule);
}

/** How many customers a rule matches now. */
export async function countHolding(em: EntityManager, rule: Rule, now: Date): Promise<number> {
  const { sql, params } = rule.toSql(1, now);
  return (
    (await queryOne<{ count: number }>(em, `select count(*) as count from customer c where c.erased_at is null and (${sql})`, params))
      ?.count ?? 0
  );
}
