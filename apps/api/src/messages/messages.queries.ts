import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../../../libs/persistence/sql.js';

export interface MessageFilter {
  readonly campaign: string | null;
  readonly customer: string | null;
  readonly state: string | null;
  readonly channel: string | null;
  readonly before: string | null;
  readonly rows: number;
}

/** Messages of the ledger, newest first. */
export async function listMessages(em: EntityManager, filter: MessageFilter): Promise<{ readonly id: string }[]> {
  return query<{ id: string }>(
    em,
    `select id, enrolment_id as "enrolmentId", campaign_id as "campaignId", customer_id as "customerId", offer_id as "offerId", step, occurrence,
       channel, template, state, attempts, provider_id as "providerId", error_class as "errorClass", error_code as "errorCode",
       planned_at as "plannedAt", submitted_at as "submittedAt", settled_at as "settledAt"
     from message
     where ($1::uuid is null or campaign_id = $1) and ($2::uuid is null or customer_id = $2) and ($3::text is null or state = $3)
       and ($4::text is null or channel = $4) and ($5::uuid is null or id < $5)
     order by id desc limit $6`,
    [filter.campaign, filter.customer, filter.state, filter.channel, filter.before, filter.rows],
  );
}
