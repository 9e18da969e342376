import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

export interface DecisionFilter {
  readonly campaign: string | null;
  readonly customer: string | null;
  readonly kind: string | null;
  readonly reason: string | null;
  readonly before: string | null;
  readonly rows: number;
}

/** Decisions, newest first. */
export async function listDecisions(em: EntityManager, filter: DecisionFilter): Promise<{ readonly id: string }[]> {
  return query<{ id: string }>(
    em,
    `select id, enrolment_id as "enrolmentId", campaign_id as "campaignId", customer_id as "customerId", step, reference, occurrence, kind, subject,
       candidates, reasons, until, at
     from decision
     where ($1::uuid is null or campaign_id = $1) and ($2::uuid is null or customer_id = $2) and ($3::text is null or kind = $3)
       and ($4::text is null or $4 = any(reasons)) and ($5::uuid is null or id < $5)
     order by id desc limit $6`,
    [filter.campaign, filter.customer, filter.kind, filter.reason, filter.before, filter.rows],
  );
}
