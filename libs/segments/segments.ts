import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import { compileRule, type Rule } from './rule.js';

export interface SegmentRow {
  readonly id: string;
  readonly name: string;
  readonly rule: string;
  readonly createdAt: Date;
}

export async function listSegments(em: EntityManager, before: string | null, rows: number): Promise<SegmentRow[]> {
  return query<SegmentRow>(
    em,
    'select id, name, rule, created_at as "createdAt" from segment where ($1::uuid is null or id < $1) order by id desc limit $2',
    [before, rows],
  );
}

/** @throws Problem `conflict` where the name is taken */
export async function insertSegment(em: EntityManager, name: string, rule: string, now: Date): Promise<SegmentRow> {
  const row = await queryOne<SegmentRow>(
    em,
    `insert into segment (id, name, rule, created_at) values ($1, $2, $3, $4)
     on conflict (name) do nothing returning id, name, rule, created_at as "createdAt"`,
    [newId(), name, rule, now],
  );
  if (row === undefined) throw conflict('A segment of this name exists already', 'Choose another name.');
  return row;
}

/** The rule of a segment, ready to be asked. */
export async function findSegmentRule(em: EntityManager, id: string): Promise<Rule> {
  const row = await queryOne<{ rule: string }>(em, 'select rule from segment where id = $1', [id]);
  if (row === undefined) throw notFound('segment', id);
  return compileRule(row.rule);
}

/** How many customers a rule holds for now. */
export async function countHolding(em: EntityManager, rule: Rule, now: Date): Promise<number> {
  const { sql, params } = rule.toSql(1, now);
  return (
    (await queryOne<{ count: number }>(em, `select count(*) as count from customer c where c.erased_at is null and (${sql})`, params))
      ?.count ?? 0
  );
}
