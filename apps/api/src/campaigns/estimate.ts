import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from '../../../../libs/campaigns/definition.js';
import type { Purpose } from '../../../../libs/customers/consent-event.entity.js';
import { barsPurpose } from '../../../../libs/customers/suppression-scope.js';
import type { OfferSpec } from '../../../../libs/journeys/steps/offer.js';
import { queryOne } from '../../../../libs/persistence/sql.js';
import { compileRule } from '../../../../libs/segments/rule.js';

export interface Estimate {
  readonly key: string;
  readonly title: string;
  readonly steps: number;
  readonly audience: number;
  readonly reachable: number;
  readonly entering: { readonly total: number; readonly treated: number; readonly holdout: number };
  readonly budget: { readonly cap: number; readonly currency: string };
}

/**
 * Somebody who may be sent messages for this purpose on at least one channel: a living address that is not suppressed for
 * it, with consent to marketing, or without a withdrawal of what is about the contract.
 */
const reachableFor = (purpose: Purpose): string => `(${purpose === 'marketing' ? 'c.objected_at is null and ' : ''}exists (
  select 1 from contact_point p
  where p.customer_id = c.id and p.dead_at is null
    and not exists (select 1 from suppression s
                    where s.channel = p.channel and s.address_hash = p.address_hash and ${barsPurpose('s', `'${purpose}'`)})
    and coalesce((select e.granted from consent_event e
                  where e.customer_id = c.id and e.channel = p.channel and e.purpose = '${purpose}' and e.address_hash = p.address_hash
                  order by e.at desc, e.id desc limit 1), ${String(purpose !== 'marketing')})))`;

/** Somebody whom at least one of the journey's messages may reach; a journey without messages is judged as marketing. */
function reachable({ journey }: CampaignDefinition): string {
  const offers = Object.values(journey.steps).filter(({ kind }) => kind === 'offer');
  const asked = new Set(offers.map(({ spec }) => (spec as OfferSpec).purpose ?? 'marketing'));
  return (asked.size === 0 ? (['marketing'] as const) : [...asked]).map(reachableFor).join(' or ');
}

/** Somebody whom the trigger would enrol now: above the threshold, armed, not gone, not objecting, not inside already. */
const crossing = `c.status <> 'left' and c.objected_at is null and s.value > $1
  and coalesce((select t.armed from trigger_state t join campaign g on g.id = t.campaign_id where g.key = $3 and t.customer_id = c.id), true)
  and not exists (select 1 from enrolment e join campaign g on g.id = e.campaign_id
                  where g.key = $3 and e.customer_id = c.id and e.state <> 'closed')`;

/** What a definition would do if it were launched now. Nothing is stored. */
export async function estimate(em: EntityManager, definition: CampaignDefinition, now: Date): Promise<Estimate> {
  const { trigger } = definition;
  const byScore = trigger.kind === 'score';
  const rule = compileRule(definition.audience).toSql(4, now);
  const counted = await queryOne<{ audience: number; reachable: number; entering: number }>(
    em,
    `select count(*) as audience, count(*) filter (where ${reachable(definition)}) as reachable, count(*) filter (where ${crossing}) as entering
     from customer c left join score s on s.customer_id = c.id and s.kind = $2
     where ${rule.sql}`,
    // Without a score trigger nobody is above the threshold: they enter by hand.
    [byScore ? trigger.risesAbove : Number.POSITIVE_INFINITY, byScore ? trigger.score : null, definition.campaign, ...rule.params],
  );
  const total = counted?.entering ?? 0;
  const holdout = Math.round(total * definition.holdout);
  return {
    key: definition.campaign,
    title: definition.title,
    steps: Object.keys(definition.journey.steps).length,
    audience: counted?.audience ?? 0,
    reachable: counted?.reachable ?? 0,
    entering: { total, treated: total - holdout, holdout },
    budget: { cap: definition.budget.minor, currency: definition.budget.currency },
  };
}
