import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { statedEconomics } from '../treatments/economics.js';

/** Still a customer at an instant: an SQL condition; alias c customer. @param at an SQL expression */
export const stayed = (at: string): string => `(c.churned_at is null or c.churned_at > ${at})`;

/**
 * What a customer pays per month now, less what they paid when they entered. So a more expensive contract in one arm is not kept revenue,
 * and on the first day kept revenue is zero. The cost of accepted offers is subtracted, also for churned customers, spread over the months
 * that a kept customer is credited with (see statedEconomics). Null if the charge was or is not known, or is in another currency than the
 * campaign's: amounts in different currencies are never added. An SQL expression in minor units; aliases: e enrolment, c customer, k
 * campaign.
 * @param at an SQL expression of the instant at which it is asked whether they stayed
 * @param cost an SQL expression: what the accepted offers cost, in minor units
 */
export const keptRevenue = (at: string, cost: string): string =>
  `case when c.currency = k.currency
     then case when ${stayed(at)} then c.monthly_charge else 0 end - e.entry_charge - round(${cost} / ${statedEconomics.horizonMonths.toFixed(1)}) end`;

const accepted = `(select coalesce(sum(o.cost), 0) from offer o where o.enrolment_id = e.id and o.state = 'accepted')`;

/** An enrolment that was measured; `ended` where that closed it. */
export interface MeasuredEnrolment {
  readonly enrolmentId: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly outcome: string;
  readonly ended: boolean;
}

/** Measures enrolments at the end of their windows. This also closes the held-out ones. */
export async function writeMeasures(tx: EntityManager, enrolmentIds: readonly string[], now: Date): Promise<MeasuredEnrolment[]> {
  return query<MeasuredEnrolment>(
    tx,
    `with looked as (
       select e.id, e.state <> 'closed' and e.arm = 'holdout' as ended, ${stayed('e.measure_at')} as retained,
              ${keptRevenue('e.measure_at', accepted)} as kept
       from enrolment e join customer c on c.id = e.customer_id join campaign k on k.id = e.campaign_id
       where e.id = any($1::uuid[])
     )
     update enrolment e
     set measured_at = $2, retained = l.retained,
         kept_revenue = l.kept,
         state = case when e.arm = 'holdout' then 'closed' else e.state end,
         outcome = case when e.arm = 'holdout' then coalesce(e.outcome, 'held-out') else e.outcome end,
         closed_at = case when e.arm = 'holdout' then coalesce(e.closed_at, $2) else e.closed_at end
     from looked l where e.id = l.id
     returning l.ended, e.id as "enrolmentId", e.customer_id as "customerId", e.campaign_id as "campaignId", e.outcome`,
    [enrolmentIds, now],
  );
}
