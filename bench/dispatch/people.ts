import type { MikroORM } from '@mikro-orm/postgresql';
import { createCampaign } from '../../libs/campaigns/campaigns.js';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { loadTreatmentFiles, saveTreatments } from '../../libs/treatments/treatments.js';

const definition = `
campaign: bench-dispatch
title: Bench
audience: customer.plan == "basic"
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 0%
budget: 100000000 EUR
window: 10 days
journey:
  - assess: customer.status == "active" && score.churn > 0.50
    otherwise: { exit: recovered }
  - choose: { from: [bill-credit-10] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 4 days }
    accepted: { exit: saved }
    otherwise: { exit: lapsed }
`;

/**
 * Inserts a live campaign and `count` customers who are in it, each with an address, consent, a decision and an open offer.
 * @returns the campaign's id
 */
export async function makePeople(orm: MikroORM, count: number): Promise<string> {
  await saveTreatments(orm.em.fork(), await loadTreatmentFiles(projectFile('config', 'treatments')), new Date());
  const { campaignId } = await createCampaign(orm.em.fork(), definition, { templates: ['save-offer'] }, new Date());
  const key = newId();
  const statements: readonly (readonly [string, ...unknown[]])[] = [
    [`update campaign set state = 'live', launched_at = now() where id = $1`, campaignId],
    [
      `insert into customer (id, external_id, name, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select uuidv7(), $1 || '-' || n, 'Person ' || n, 'en', 'Europe/Berlin', 'active', 'basic', 7000, 'EUR', 5, '{}', '{}', now(), now()
       from generate_series(1, $2::int) n`,
      key,
      count,
    ],
    [
      `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
       select uuidv7(), id, 'email', external_id || '@customers.example', external_id, now() from customer where external_id like $1 || '-%'`,
      key,
    ],
    [
      `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
       select uuidv7(), id, 'email', 'marketing', external_id, true, 'bench', '1', now(), 'system' from customer where external_id like $1 || '-%'`,
      key,
    ],
    [
      `insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, trigger_score, created_at, entered_at, measure_at)
       select uuidv7(), $2, v.id, c.id, 'treated', 'entered', 0.7, now(), now(), now() + interval '10 days'
       from customer c, campaign_version v where c.external_id like $1 || '-%' and v.campaign_id = $2`,
      key,
      campaignId,
    ],
    [
      `with made as (
         insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, at)
         select uuidv7(), id, campaign_id, customer_id, 'choose', 1, 1, 'treat', 'bill-credit-10', '[]', '{best-value}', now()
         from enrolment where campaign_id = $1 returning id, enrolment_id, campaign_id, customer_id
       )
       insert into offer (id, enrolment_id, campaign_id, customer_id, decision_id, step, treatment, title, cost, currency, voucher_code, state, issued_at, expires_at)
       select uuidv7(), enrolment_id, campaign_id, customer_id, id, 'choose', 'bill-credit-10', '12 EUR off your next bill', 1200, 'EUR', id::text, 'open', now(), now() + interval '14 days'
       from made`,
      campaignId,
    ],
    ['analyze'],
  ];
  for (const [sql, ...params] of statements) await query(orm.em.fork(), sql, params);
  return campaignId;
}

/**
 * Plans one message for each of the first `count` customers.
 * @returns when that was committed, as PostgreSQL's clock has it
 */
export async function planRound(orm: MikroORM, campaignId: string, round: number, count: number): Promise<Date> {
  await query(
    orm.em.fork(),
    `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, offer_id, step, occurrence, channel, purpose, template, state,
                          not_before, send_before, planned_at)
     select uuidv7(), e.id, e.campaign_id, e.customer_id, p.id, o.id, 'offer', $2, 'email', 'marketing', 'save-offer', 'planned',
            now(), now() + interval '1 day', now()
     from enrolment e join contact_point p on p.customer_id = e.customer_id join offer o on o.enrolment_id = e.id
     where e.campaign_id = $1 order by e.id limit $3`,
    [campaignId, round, count],
  );
  return new Date();
}
