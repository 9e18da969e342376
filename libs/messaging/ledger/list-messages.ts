import type { EntityManager } from '@mikro-orm/postgresql';
import { searchFor } from './reconcile-by-hand.js';
import { query } from '../../persistence/sql.js';
import type { Channel } from '../../channels/table.js';

export interface MessageFilter {
  readonly campaign: string | null;
  readonly customer: string | null;
  readonly state: string | null;
  readonly channel: string | null;
  readonly before: string | null;
  readonly rows: number;
}

/**
 * Messages of the ledger, newest first.
 * @param replyDomain the domain that the Message-IDs of our mails end with
 */
export async function listMessages(em: EntityManager, filter: MessageFilter, replyDomain: string): Promise<{ readonly id: string }[]> {
  const rows = await query<{ id: string; channel: Channel }>(
    em,
    `select id, enrolment_id as "enrolmentId", campaign_id as "campaignId", customer_id as "customerId", offer_id as "offerId", step, reference, occurrence,
       channel, template, state, attempts, provider_id as "providerId", error_class as "errorClass", error_code as "errorCode",
       planned_at as "plannedAt", submitted_at as "submittedAt", settled_at as "settledAt", settled_by as "settledBy"
     from message
     where ($1::uuid is null or campaign_id = $1) and ($2::uuid is null or customer_id = $2) and ($3::text is null or state = $3)
       and ($4::text is null or channel = $4) and ($5::uuid is null or id < $5)
     order by id desc limit $6`,
    [filter.campaign, filter.customer, filter.state, filter.channel, filter.before, filter.rows],
  );
  return rows.map((row) => ({ ...row, searchFor: searchFor(row.channel, row.id, replyDomain) }));
}
