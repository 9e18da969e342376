import type { Purpose } from '../customers/purpose.js';
import type { Channel } from '../customers/channels.js';
import { barsPurpose } from '../customers/suppression-scope.js';
import { messageOf } from '../journeys/steps/table.js';
import type { CampaignDefinition } from './definition.js';

/**
 * SQL over alias c (customer): somebody who may be sent messages for this purpose: a living address that is not suppressed for
 * it, with consent to marketing, or without a withdrawal of what is about the contract.
 * @param channel that the address is on; any unless one is asked for
 */
export const reachableFor = (
  purpose: Purpose,
  channel?: Channel,
): string => `(${purpose === 'marketing' ? 'c.objected_at is null and ' : ''}exists (
  select 1 from contact_point p
  where p.customer_id = c.id and p.dead_at is null${channel === undefined ? '' : ` and p.channel = '${channel}'`}
    and not exists (select 1 from suppression s
                    where s.channel = p.channel and s.address_hash = p.address_hash and ${barsPurpose('s', `'${purpose}'`)})
    and coalesce((select e.granted from consent_event e
                  where e.customer_id = c.id and e.channel = p.channel and e.purpose = '${purpose}' and e.address_hash = p.address_hash
                  order by e.at desc, e.id desc limit 1), ${String(purpose !== 'marketing')})))`;

/**
 * SQL over alias c (customer): somebody whom at least one of the journey's messages may reach. A journey without messages is
 * judged as marketing.
 */
export function reachable({ journey }: CampaignDefinition): string {
  const asked = new Set(Object.values(journey.steps).flatMap((step) => messageOf(step)?.purpose ?? []));
  return (asked.size === 0 ? (['marketing'] as const) : [...asked]).map((purpose) => reachableFor(purpose)).join(' or ');
}
