import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/** Part of a budget, in minor units of its currency. */
export interface BudgetShare {
  readonly campaignId: string;
  readonly cost: number;
}

/**
 * Sets aside part of a campaign's budget. A conditional update, so the budget is never exceeded.
 * @returns false if the budget does not have that much left
 */
export async function reserveBudget(tx: EntityManager, { campaignId, cost }: BudgetShare): Promise<boolean> {
  const reserved = await query(
    tx,
    'update campaign set budget_reserved = budget_reserved + $2 where id = $1 and budget_reserved + $2 <= budget_cap returning id',
    [campaignId, cost],
  );
  return reserved.length > 0;
}

/** Counts a reserved amount as spent. */
export async function spendBudget(tx: EntityManager, { campaignId, cost }: BudgetShare): Promise<void> {
  await query(tx, 'update campaign set budget_spent = budget_spent + $2 where id = $1', [campaignId, cost]);
}

/** Releases reserved amounts that are no longer needed, in one statement that locks the campaigns in the order of their ids. */
export async function releaseBudget(tx: EntityManager, shares: readonly BudgetShare[]): Promise<void> {
  if (shares.length === 0) return;
  await query(
    tx,
    `with given_back as materialized (
       select campaign_id, sum(cost) as cost from unnest($1::uuid[], $2::bigint[]) as g (campaign_id, cost) group by campaign_id
     ), locked as materialized (
       select k.id, g.cost from given_back g join campaign k on k.id = g.campaign_id order by k.id for no key update of k
     )
     update campaign k set budget_reserved = k.budget_reserved - l.cost from locked l where k.id = l.id`,
    [shares.map(({ campaignId }) => campaignId), shares.map(({ cost }) => cost)],
  );
}
