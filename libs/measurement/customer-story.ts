import type { EntityManager } from '@mikro-orm/postgresql';
import { latestConsent } from '../customers/latest-consent.js';
import { offerStateAt } from '../offers/offer-sql.js';
import { query, queryOne } from '../persistence/sql.js';
import { customerColumns } from '../segments/list-customers.js';

const latestMarketing = latestConsent('granted', {
  customer: 'p.customer_id',
  channel: 'p.channel',
  purpose: `'marketing'`,
  hash: 'p.address_hash',
});

/** Everything about one customer that a marketer looks up, or undefined. */
export async function findCustomer(em: EntityManager, id: string, now: Date): Promise<object | undefined> {
  const customer = await queryOne(em, `select ${customerColumns} from customer c where c.id = $1 and c.erased_at is null`, [id]);
  if (customer === undefined) return undefined;
  // One after the other: they share one connection.
  const contactPoints = await query(
    em,
    `select p.id, p.channel, p.address, p.dead_at as "deadAt",
       (select s.reason from suppression s where s.channel = p.channel and s.address_hash = p.address_hash) as suppressed,
       coalesce(${latestMarketing}, false) as marketing
     from contact_point p where p.customer_id = $1 order by p.channel`,
    [id],
  );
  const consents = await query(
    em,
    `select id, channel, purpose, granted, source, wording_version as "wordingVersion", at, actor
     from consent_event where customer_id = $1 order by at desc, id desc limit 100`,
    [id],
  );
  const scores = await query(
    em,
    'select kind, value, previous, reasons, scored_at as "scoredAt" from score where customer_id = $1 order by kind',
    [id],
  );
  const enrolments = await query(
    em,
    `select e.id, jsonb_build_object('id', g.id, 'key', g.key, 'title', g.title) as campaign, e.arm, e.state, e.step, e.outcome,
       e.created_at as "createdAt", e.closed_at as "closedAt"
     from enrolment e join campaign g on g.id = e.campaign_id where e.customer_id = $1 order by e.id desc limit 100`,
    [id],
  );
  const events = await query(em, 'select id, kind, at, source from customer_event where customer_id = $1 order by at desc limit 20', [id]);
  const offers = await query(
    em,
    `select id, treatment, title, cost, currency, voucher_code as "voucherCode", ${offerStateAt('o', '$2')} as state, expires_at as "expiresAt", reference,
       enrolment_id as "enrolmentId", campaign_id as "campaignId"
     from offer o where customer_id = $1 order by id desc limit 100`,
    [id, now],
  );
  const messages = await query(
    em,
    `select id, channel, purpose, template, state, planned_at as "plannedAt", reference, offer_id as "offerId", enrolment_id as "enrolmentId",
       campaign_id as "campaignId"
     from message where customer_id = $1 order by planned_at desc, id desc limit 100`,
    [id],
  );
  return { ...customer, contactPoints, consents, scores, enrolments, events, offers, messages };
}
