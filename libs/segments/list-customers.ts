import type { EntityManager } from '@mikro-orm/postgresql';
import { latestConsent } from '../customers/latest-consent.js';
import { query, queryOne } from '../persistence/sql.js';
import type { Rule } from './rule.js';

const columns = `c.id, c.external_id as "externalId", c.name, c.locale, c.time_zone as "timeZone", c.status, c.plan,
  c.monthly_charge as "monthlyCharge", c.currency, c.tenure, c.preferred_channel as "preferredChannel", c.attributes, c.made,
  c.objected_at as "objectedAt", c.churned_at as "churnedAt", c.created_at as "createdAt", c.updated_at as "updatedAt"`;

export interface CustomerRow {
  readonly id: string;
}

export interface CustomerFilter {
  readonly status: string | null;
  readonly search: string | null;
  readonly rule: Rule | null;
  readonly before: string | null;
  readonly rows: number;
}

/** Customers, newest first; with `rule`, only those for whom it holds now. */
export async function listCustomers(em: EntityManager, filter: CustomerFilter, now: Date): Promise<CustomerRow[]> {
  const params = [filter.before, filter.status, filter.search, filter.search === null ? null : escapeLike(filter.search), filter.rows];
  const rule = filter.rule?.toSql(params.length + 1, now);
  return query<CustomerRow>(
    em,
    `select ${columns} from customer c
     where c.erased_at is null and ($1::uuid is null or c.id < $1) and ($2::text is null or c.status = $2)
       and ($3::text is null or c.external_id ilike $4 || '%' or c.name ilike $4 || '%' or c.name ilike '% ' || $4 || '%')
       and (${rule?.sql ?? 'true'})
     order by c.id desc limit $5`,
    [...params, ...(rule?.params ?? [])],
  );
}

const latestMarketing = latestConsent('granted', {
  customer: 'p.customer_id',
  channel: 'p.channel',
  purpose: `'marketing'`,
  hash: 'p.address_hash',
});

/** Everything about one customer that a marketer may look up, or undefined. */
export async function findCustomer(em: EntityManager, id: string): Promise<object | undefined> {
  const customer = await queryOne(em, `select ${columns} from customer c where c.id = $1 and c.erased_at is null`, [id]);
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
    `select id, treatment, title, cost, currency, voucher_code as "voucherCode", state, expires_at as "expiresAt", reference,
       enrolment_id as "enrolmentId", campaign_id as "campaignId"
     from offer where customer_id = $1 order by id desc limit 100`,
    [id],
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

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (special) => `\\${special}`);
}
