import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import type { Decision, DecisionKind } from './decision.entity.js';

export interface DecisionFilter {
  readonly campaign: string | null;
  readonly customer: string | null;
  readonly kind: DecisionKind | null;
  readonly reason: string | null;
  readonly before: string | null;
  readonly rows: number;
}

/** Decisions, newest first. */
export async function listDecisions(em: EntityManager, filter: DecisionFilter): Promise<{ readonly id: string }[]> {
  const { campaign, customer, kind, reason, before, rows } = filter;
  return tables<typeof Decision>(em)
    .selectFrom('Decision')
    .select(['id', 'enrolment as enrolmentId', 'campaign as campaignId', 'customer as customerId', 'step', 'reference', 'occurrence'])
    .select(['kind', 'subject', 'candidates', 'reasons', 'until', 'at'])
    .where((row) =>
      row.and([
        ...(campaign === null ? [] : [row('campaign', '=', campaign)]),
        ...(customer === null ? [] : [row('customer', '=', customer)]),
        ...(kind === null ? [] : [row('kind', '=', kind)]),
        ...(reason === null ? [] : [row(row.val(reason), '=', row.fn.any('reasons'))]),
        ...(before === null ? [] : [row('id', '<', before)]),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(rows)
    .execute();
}
