import type { EntityManager } from '@mikro-orm/postgresql';
import { offerStateAt } from '../offers/offer-sql.js';
import { query, queryOne } from '../persistence/sql.js';

/** Everything that explains one enrolment: its way, the decisions with their reasons, the messages and answers. */
export async function findEnrolment(em: EntityManager, id: string, now: Date): Promise<object | undefined> {
  const enrolment = await queryOne(
    em,
    `select e.id, jsonb_build_object('id', g.id, 'key', g.key, 'title', g.title) as campaign, v.version,
       jsonb_build_object('id', c.id, 'name', c.name, 'externalId', c.external_id, 'timeZone', c.time_zone, 'locale', c.locale) as customer,
       e.arm, e.state, e.outcome, e.trigger_score as "triggerScore", e.created_at as "createdAt", e.entered_at as "enteredAt",
       e.closed_at as "closedAt", e.step, e.waiting_until as "waitingUntil", e.measure_at as "measureAt", e.measured_at as "measuredAt",
       e.retained, e.kept_revenue as "keptRevenue"
     from enrolment e join campaign g on g.id = e.campaign_id join campaign_version v on v.id = e.version_id
     join customer c on c.id = e.customer_id where e.id = $1`,
    [id],
  );
  if (enrolment === undefined) return undefined;
  const visits = await query(
    em,
    'select ordinal, step, entered_at as "enteredAt", label from step_visit where enrolment_id = $1 order by ordinal',
    [id],
  );
  const decisions = await query(
    em,
    `select id, step, reference, occurrence, kind, subject, candidates, reasons, until, at from decision where enrolment_id = $1 order by at, occurrence, ordinal`,
    [id],
  );
  const offers = await query(
    em,
    `select id, step, treatment, title, cost, currency, voucher_code as "voucherCode", ${offerStateAt('o', '$2')} as state, issued_at as "issuedAt", expires_at as "expiresAt",
       settled_at as "settledAt"
     from offer o where enrolment_id = $1 order by id`,
    [id, now],
  );
  const messages = await query(
    em,
    `select id, step, reference, occurrence, channel, template, state, attempts, error_class as "errorClass", error_code as "errorCode",
       planned_at as "plannedAt", submitted_at as "submittedAt", settled_at as "settledAt"
     from message where enrolment_id = $1 order by id`,
    [id],
  );
  const responses = await query(
    em,
    'select id, source, channel, answer, because, text, received_at as "receivedAt" from response where enrolment_id = $1 order by id',
    [id],
  );
  return { ...enrolment, visits, decisions, offers, messages, responses };
}
