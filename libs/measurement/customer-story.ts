import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { purposes, type Purpose } from '../channels/purpose.js';
import { latestConsent } from '../customers/latest-consent.js';
import { restrictionsOf, type ContactRestriction } from '../customers/may-write.js';
import { offerStateAt } from '../offers/offer-sql.js';
import { query, queryOne } from '../persistence/sql.js';
import type { Content } from '../publishing/content.js';
import { scoreKinds } from '../scores/kinds/table.js';
import type { Features } from '../scoring/features/feature.js';
import { titlesOf } from '../scoring/features/reason-words.js';
import type { ScoreReason } from '../scores/score.entity.js';
import { customerColumns } from './customer-columns.js';

interface CustomerColumns {
  readonly objectedAt: Date | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface StoredScore {
  readonly kind: string;
  readonly value: number;
  readonly previous: number | null;
  readonly modelId: string | null;
  readonly scoredAt: Date;
  readonly reasons: readonly ScoreReason[];
  /** What its model reads; null where another system computed it. */
  readonly features: Features | null;
}

/** What people at the company call things. */
type CompanyWords = Pick<Content, 'fields' | 'scores'>;

/**
 * Everything about one customer that a marketer may look up, or undefined. Lists that grow without end have pages of their own.
 * @param words what attributes, features and scores are called
 */
export async function findCustomer(em: EntityManager, id: string, words: CompanyWords, now: Date): Promise<object | undefined> {
  const customer = await queryOne<CustomerColumns>(
    em,
    `select ${customerColumns} from customer c where c.id = $1 and c.erased_at is null`,
    [id],
  );
  if (customer === undefined) return undefined;
  // One after the other: they share one connection.
  const contactPoints = await contactPointsOf(em, id, customer.objectedAt !== null);
  const consents = await query(
    em,
    `select id, channel, purpose, granted, source, wording_version as "wordingVersion", at, actor
     from consent_event where customer_id = $1 order by at desc, id desc limit 100`,
    [id],
  );
  const scores = await query<StoredScore>(
    em,
    `select s.kind, s.value, s.previous, s.model_id as "modelId", s.reasons, s.scored_at as "scoredAt", m.parameters -> 'reads' -> 'features' as features
     from score s left join score_model m on m.id = s.model_id where s.customer_id = $1 order by s.kind`,
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
    `select id, treatment, title, cost, currency, voucher_code as "voucherCode", ${offerStateAt('o', '$2')} as state, issued_at as "issuedAt", expires_at as "expiresAt",
       settled_at as "settledAt", reference, enrolment_id as "enrolmentId", campaign_id as "campaignId"
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
  const named = new Set([...Object.keys(customer.attributes), ...scores.flatMap(({ reasons }) => reasons.map(({ feature }) => feature))]);
  const titles = words.fields.flatMap(({ of, name, description }) => (of === 'customer' && named.has(name) ? [[name, description]] : []));
  return {
    ...customer,
    titles: { ...titlesOfReasons(scores, words), ...(Object.fromEntries(titles) as Record<string, string>) },
    contactPoints,
    consents,
    scores: scores.map(({ kind, value, previous, modelId, reasons, scoredAt }) => ({
      ...{ kind, value, previous, modelId, reasons, scoredAt },
      ...kindOf(kind, words),
    })),
    enrolments,
    events,
    offers,
    messages,
  };
}

/** What the features that scores give as reasons are called. */
function titlesOfReasons(scores: readonly StoredScore[], { fields }: CompanyWords): Record<string, string> {
  const named = scores.flatMap(({ reasons, features }) => {
    const titles = titlesOf(features ?? {}, fields);
    return reasons.flatMap(({ feature }) => (titles[feature] === undefined ? [] : [[feature, titles[feature]] as const]));
  });
  return Object.fromEntries(named);
}

/** What a kind of score is called, and the range of its values; null for what is not known. */
function kindOf(kind: string, { scores }: CompanyWords): { readonly title: string | null; readonly range: object | null } {
  const declared = [...scores.values()].find(({ score }) => score === kind);
  const range = scoreKinds.find(kind)?.range;
  return { title: declared?.title ?? null, range: range === undefined ? null : { least: range.least, most: range.most } };
}

interface Point {
  readonly channel: Channel;
  readonly deadAt: Date | null;
  readonly suppressed: string | null;
  /** By purpose: the latest consent event for this very address; null if there is none. */
  readonly consent: Readonly<Record<Purpose, boolean | null>>;
}

const latest = (purpose: Purpose): string =>
  latestConsent('granted', { customer: 'p.customer_id', channel: 'p.channel', purpose: `'${purpose}'`, hash: 'p.address_hash' });

async function contactPointsOf(em: EntityManager, id: string, objected: boolean): Promise<object[]> {
  const points = await query<Point>(
    em,
    `select p.id, p.channel, p.address, p.dead_at as "deadAt",
       (select s.reason from suppression s where s.channel = p.channel and s.address_hash = p.address_hash) as suppressed,
       jsonb_build_object('marketing', ${latest('marketing')}, 'service', ${latest('service')}) as consent
     from contact_point p where p.customer_id = $1 order by p.channel`,
    [id],
  );
  return points.map(({ consent, ...point }) => ({
    ...point,
    marketing: consent.marketing === true,
    restrictions: restrictions({ ...point, consent }, objected),
  }));
}

/** What keeps messages from an address now, for each purpose. */
function restrictions({ channel, deadAt, suppressed, consent }: Point, objected: boolean): Record<Purpose, ContactRestriction[]> {
  const address = { channel, dead: deadAt !== null, suppression: suppressed, objected };
  return Object.fromEntries(
    purposes.map((purpose) => [purpose, restrictionsOf({ ...address, purpose, consent: consent[purpose] })]),
  ) as Record<Purpose, ContactRestriction[]>;
}
