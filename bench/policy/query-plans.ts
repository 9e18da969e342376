import type { EntityManager } from '@mikro-orm/postgresql';
import type { CompiledQuery } from 'kysely';
import { query } from '../../libs/persistence/sql.js';

/** One statement and the nodes of the plan that PostgreSQL made for it. */
export interface StatementPlan {
  readonly sql: string;
  readonly nodes: readonly PlanNode[];
}

interface PlanNode {
  readonly type: string;
  /** The table or index it reads; null if it reads none. */
  readonly reads: string | null;
}

interface ExplainedNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly ExplainedNode[];
}

/** The tables that do not grow with customers, messages or time: reading all of one is as good as an index. */
const small = new Set(['campaign', 'campaign_version', 'answer_rate', 'provider']);

/**
 * Runs the work with an EntityManager that asks for the plans of each statement before it runs it: the one for these parameters, and the
 * one for any, which PostgreSQL keeps for a prepared statement.
 */
export async function explained(tx: EntityManager, work: (tx: EntityManager) => Promise<unknown>): Promise<StatementPlan[]> {
  const plans: StatementPlan[] = [];
  const explain = async ({ sql, parameters }: CompiledQuery): Promise<void> => {
    plans.push({ sql, nodes: await planOf(tx, `explain (format json) ${sql}`, parameters) });
    plans.push({ sql, nodes: await planOf(tx, `explain (format json, generic_plan) ${sql}`, []) });
  };
  const watched = new Proxy(tx, {
    get: (target, name) => (name === 'getKysely' ? () => kysely : (Reflect.get(target, name) as unknown)),
  });
  const kysely = new Proxy(tx.getKysely(), {
    get: (target, name) =>
      name === 'executeQuery'
        ? async (statement: CompiledQuery) => {
            await explain(statement);
            return target.executeQuery(statement);
          }
        : (Reflect.get(target, name) as unknown),
  });
  await work(watched);
  return plans;
}

/** How many nodes read the whole of a table that grows. */
export function sequentialScans(plans: readonly StatementPlan[]): number {
  return plans.flatMap(({ nodes }) => nodes).filter(({ type, reads }) => type.endsWith('Seq Scan') && reads !== null && !small.has(reads))
    .length;
}

/** One line a statement: what it is, and each node with what it reads. */
export function printed(plans: readonly StatementPlan[]): string {
  return plans
    .map(({ sql, nodes }) => {
      const scans = nodes.map(({ type, reads }) => (reads === null ? type : `${type} ${reads}`));
      return `  ${sql.replaceAll(/\s+/g, ' ').trim().slice(0, 60)}\n    ${scans.join(', ')}`;
    })
    .join('\n');
}

async function planOf(tx: EntityManager, explain: string, parameters: readonly unknown[]): Promise<PlanNode[]> {
  const [row] = await query<{ 'QUERY PLAN': readonly { Plan: ExplainedNode }[] }>(tx, explain, parameters);
  return (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => nodesOf(Plan));
}

function nodesOf(node: ExplainedNode): PlanNode[] {
  const own = { type: node['Node Type'], reads: node['Index Name'] ?? node['Relation Name'] ?? null };
  return [own, ...(node.Plans ?? []).flatMap(nodesOf)];
}
