import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../libs/persistence/sql.js';
import { hashAddress } from '../../libs/channels/address/hash-address.js';
import { day, makeCampaign, testSecret, type MadeCampaign } from '../harness/factories.js';
import { crashChannels } from './schedule.js';

const offerCost = 1_200;

/** A live campaign that can pay for everybody. */
export async function openCampaign(em: EntityManager, key: string): Promise<MadeCampaign> {
  return makeCampaign(em, { key, budgetCap: 1_000_000_000 });
}

/**
 * Plans a message on each channel for this many new customers, each enrolled, with consent, a decision and an open offer. Set-based, as a
 * campaign's start is.
 * @returns how many messages were planned
 */
export async function planMessages(em: EntityManager, campaign: MadeCampaign, customers: number, now: Date): Promise<number> {
  const until = new Date(now.getTime() + 14 * day);
  return em.transactional(async (tx) => {
    const people = await query<{ id: string }>(
      tx,
      `insert into customer (id, external_id, name, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select id, id::text, 'Person ' || n, 'en', 'Europe/Berlin', 'active', 'basic', 3000, 'EUR', 12, '{}', '{}', $2, $2
       from (select uuidv7() as id, n from generate_series(1, $1::int) n) made returning id`,
      [customers, now],
    );
    const ids = people.map(({ id }) => id);
    const enrolled = await query<{ id: string }>(
      tx,
      `insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, trigger_score, created_at, entered_at, step)
       select uuidv7(), $2, $3, customer_id, 'treated', 'entered', 0.7, $4::timestamptz, $4::timestamptz, 'offer' from unnest($1::uuid[]) customer_id returning id`,
      [ids, campaign.id, campaign.versionId, now],
    );
    await query(
      tx,
      `with chosen as (
         insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, at)
         select uuidv7(), id, campaign_id, customer_id, 'choose', 1, 1, 'treat', 'bill-credit-10', '[]', '{best-value}', $2
         from enrolment where id = any($1::uuid[]) returning id, enrolment_id, campaign_id, customer_id
       )
       insert into offer (id, enrolment_id, campaign_id, customer_id, decision_id, step, treatment, title, cost, currency, voucher_code, state, issued_at, expires_at)
       select uuidv7(), enrolment_id, campaign_id, customer_id, id, 'choose', 'bill-credit-10', '12 EUR off your next bill', ${offerCost}, 'EUR',
              enrolment_id::text, 'open', $2, $3 from chosen`,
      [enrolled.map(({ id }) => id), now, until],
    );
    await query(tx, 'update campaign set budget_reserved = budget_reserved + $2 where id = $1', [campaign.id, customers * offerCost]);
    let planned = 0;
    for (const channel of crashChannels) {
      const addresses = ids.map((id) => addressOf[channel](id));
      await query(
        tx,
        `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
         select uuidv7(), customer_id, $4, address, hash, $5 from unnest($1::uuid[], $2::text[], $3::text[]) as made (customer_id, address, hash)`,
        [ids, addresses, addresses.map((address) => hashAddress(testSecret, channel, address)), channel, now],
      );
      const rows = await query(
        tx,
        `with agreed as (
           insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
           select uuidv7(), customer_id, channel, 'marketing', address_hash, true, 'import', '1', $3, 'system'
           from contact_point where customer_id = any($1::uuid[]) and channel = $2
         )
         insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, offer_id, step, occurrence, channel, purpose, template,
                              state, not_before, send_before, planned_at)
         select uuidv7(), o.enrolment_id, o.campaign_id, o.customer_id, p.id, o.id, 'offer', 1, $2, 'marketing', 'save-offer', 'planned', $3, $4, $3
         from contact_point p join offer o on o.customer_id = p.customer_id where p.customer_id = any($1::uuid[]) and p.channel = $2 returning id`,
        [ids, channel, now, until],
      );
      planned += rows.length;
    }
    return planned;
  });
}

/** Addresses that belong to one customer alone: a witness distinguishes the messages by their ids, a look-up by these. */
const addressOf = {
  email: (id: string) => `${id}@example.test`,
  // 7 to 14 digits: the random end of the id, of which two are alike once in a hundred billion pairs.
  sms: (id: string) => `+49${(BigInt(`0x${id.slice(-12)}`) % 1_000_000_000_000n).toString().padStart(12, '1')}`,
} as const;
