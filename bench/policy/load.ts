import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import type { Progress } from '../../libs/platform/progress.js';

/** A Tuesday: the afternoon in Europe, nine o'clock in New York, still night in Los Angeles, night again in Asia. */
export const benchNow = new Date('2026-03-03T14:00:00Z');

/** The loaded population. */
export interface Loaded {
  readonly campaignId: string;
  readonly rivalId: string;
}

const campaigns = ['bench', 'rival', 'past'] as const;

/**
 * Fills an empty database with `count` customers, each in a live campaign with an open offer: contact points on both channels;
 * consents granted, withdrawn and never given; suppressions; messages of the last weeks from a campaign that is over; answers
 * to them; and for one in twenty a second campaign of greater priority whose message waits for tomorrow. All of it set-based,
 * and the same every time.
 */
export async function loadPopulation(em: EntityManager, count: number, progress: Progress): Promise<Loaded> {
  const ids = { bench: newId(), rival: newId(), past: newId() };
  await em.transactional(async (tx) => {
    // What is written here refers to what is written here: PostgreSQL need not look up each of ten million references.
    await query(tx, `set local session_replication_role = replica`);
    await query(tx, `set local work_mem = '256MB'`);
    for (const key of campaigns) await makeCampaign(tx, ids[key], key);
    const statements = populate(ids);
    for (const [done, sql] of statements.entries()) {
      progress(done, statements.length);
      await query(tx, sql.replaceAll('$COUNT', String(count)).replaceAll('$NOW', `'${benchNow.toISOString()}'::timestamptz`));
    }
    progress(statements.length, statements.length);
  });
  for (const table of [
    'customer',
    'contact_point',
    'consent_event',
    'suppression',
    'enrolment',
    'decision',
    'offer',
    'message',
    'response',
    'answer_rate',
  ]) {
    await query(em, `vacuum analyze ${table}`);
  }
  return { campaignId: ids.bench, rivalId: ids.rival };
}

async function makeCampaign(tx: EntityManager, id: string, key: (typeof campaigns)[number]): Promise<void> {
  await query(
    tx,
    `insert into campaign (id, key, title, state, priority, version, budget_cap, currency, launched_at, created_at)
     values ($1, $2, $2, $3, $4, 1, 1000000000, 'EUR', $5, $5)`,
    [id, key, key === 'past' ? 'completed' : 'live', key === 'rival' ? 10 : 0, benchNow],
  );
  await query(
    tx,
    `insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at) values ($1, $1, 1, '', '{}', '[]', $2)`,
    [id, benchNow],
  );
}

/** In `p` stand the ids of everything that belongs to the n-th customer; n alone decides what they are like. */
function populate({ bench, rival, past }: Readonly<Record<(typeof campaigns)[number], string>>): string[] {
  const enrolment = (id: string, campaign: string, columns: string, where: string): string =>
    `insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at, entered_at, step, waiting_until, outcome, closed_at, measure_at)
     select p.${id}, '${campaign}', '${campaign}', p.customer, 'treated', ${columns}, $NOW + interval '20 days' from p ${where} order by p.n`;
  const consent = (channel: string, granted: string, at: string, where: string): string =>
    `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
     select uuidv7(), customer, '${channel}', 'marketing', '${channel}-' || n, ${granted}, 'import', '1', $NOW - interval '${at}', 'system'
     from p where ${where} order by n`;
  return [
    `create temporary table p on commit drop as
     select n, uuidv7() as customer, uuidv7() as email, uuidv7() as sms, uuidv7() as enrolment, uuidv7() as offer, uuidv7() as decision,
            uuidv7() as past, uuidv7() as rival
     from generate_series(1, $COUNT) n`,
    'analyze p',
    `insert into customer (id, external_id, locale, time_zone, status, monthly_charge, currency, tenure, attributes, made, preferred_channel,
                           preferred_hours, created_at, updated_at)
     select customer, 'bench-' || n, 'en',
            case when n % 50 > 0 then (array['Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Los_Angeles', 'America/Sao_Paulo',
                                             'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney', 'Europe/Paris', 'America/Chicago'])[1 + n % 10] end,
            'active', 3000, 'EUR', 12,
            case when n % 100 = 0 then '{}'::jsonb when n % 50 = 0 then '{"country": "US"}' when n % 40 = 2 then '{"country": "US", "subdivision": "FL"}' else '{}' end,
            '{}', case when n % 9 = 0 then 'sms' end,
            case when n % 45 = 0 then '[{"days": [1, 2, 3, 4, 5], "from": 1020, "to": 1260}]'::jsonb end, $NOW, $NOW
     from p order by n`,
    `insert into contact_point (id, customer_id, channel, address, address_hash, dead_at, created_at)
     select email, customer, 'email', n || '@customers.example', 'email-' || n, case when n % 70 = 0 then $NOW end, $NOW from p order by n`,
    `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
     select sms, customer, 'sms', '+4915' || lpad(n::text, 9, '0'), 'sms-' || n, $NOW from p where n % 8 > 0 order by n`,
    consent('email', 'true', '300 days', 'n % 11 < 10'),
    consent('sms', 'true', '300 days', 'n % 13 < 9'),
    consent('email', 'false', '20 days', 'n % 11 = 5'),
    consent('sms', 'false', '20 days', 'n % 13 = 6'),
    `insert into suppression (id, channel, address_hash, reason, at)
     select uuidv7(), 'email', 'email-' || n, 'complaint', $NOW from p where n % 60 = 7 order by n`,
    enrolment('enrolment', bench, `'entered', $NOW, $NOW, 'offer', null, null, null`, ''),
    enrolment(
      'past',
      past,
      `'closed', $NOW - interval '40 days', $NOW - interval '40 days', 'offer', null, 'lapsed', $NOW - interval '5 days'`,
      'where n % 10 < 6',
    ),
    enrolment(
      'rival',
      rival,
      `'entered', $NOW - interval '2 hours', $NOW - interval '2 hours', 'offer', $NOW + interval '18 hours', null, null`,
      'where n % 20 = 3',
    ),
    `insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, at)
     select decision, enrolment, '${bench}', customer, 'choose', 1, 0, 'treat', 'bill-credit-10', '[]', '{best-value}', $NOW from p order by n`,
    `insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, cause, purpose, until, at)
     select uuidv7(), rival, '${rival}', customer, 'offer', 1, 0, 'defer', 'email', '[]', '{quiet-hours}', 'quiet-hours', 'marketing', $NOW + interval '18 hours', $NOW - interval '2 hours'
     from p where n % 20 = 3 order by n`,
    `insert into offer (id, enrolment_id, campaign_id, customer_id, decision_id, step, treatment, title, cost, currency, voucher_code, state, issued_at, expires_at)
     select offer, enrolment, '${bench}', customer, decision, 'choose', 'bill-credit-10', 'Bill credit', 1200, 'EUR', 'V' || n, 'open', $NOW, $NOW + interval '14 days'
     from p order by n`,
    `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state,
                          not_before, send_before, provider_id, planned_at, submitted_at, settled_at)
     select uuidv7(), past, '${past}', customer, email, 'offer', k, 'email', 'marketing', 'save-offer', 'delivered', t, t + interval '1 day',
            n || '-' || k, t, t, t
     from p cross join generate_series(1, 3) k
     cross join lateral (select $NOW - (k * interval '41 hours') + ((n % 37) * interval '1 hour') - (n % 3) * k * interval '4 days' as t) m
     where n % 10 < 6 and k <= 1 + n % 3 order by n`,
    `insert into response (id, source, source_id, channel, customer_id, enrolment_id, message_id, answer, because, received_at)
     select uuidv7(), 'smtp', 'answer-' || id, 'email', customer_id, enrolment_id, id, 'question', 'bench', submitted_at + interval '1 hour'
     from message where occurrence = 1 and hashtext(provider_id) % 8 = 0`,
    `insert into answer_rate (channel, hour, sent, answered, counted_at)
     select channel, hour, 10000, 200 + hour * 10, $NOW from unnest(array['email', 'sms']) channel cross join generate_series(0, 23) hour`,
  ];
}
