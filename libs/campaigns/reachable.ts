import type { Purpose } from '../channels/purpose.js';
import type { Channel } from '../channels/table.js';
import { mayWriteToSql } from '../customers/may-write.js';
import { messageOf } from '../journeys/steps/table.js';
import type { CampaignDefinition } from './definition.js';

/**
 * SQL over alias c (customer): has an address that may be written to for this purpose.
 * @param channel the channel of the address; any channel if it is not given
 */
export const reachableFor = (purpose: Purpose, channel?: Channel): string => `exists (
  select from contact_point p
  where p.customer_id = c.id${channel === undefined ? '' : ` and p.channel = '${channel}'`}
    and ${mayWriteToSql({ customer: 'c', point: 'p', purpose: `'${purpose}'` })})`;

/** SQL over alias c (customer): at least one of the journey's messages may reach them. A journey without messages counts as marketing. */
export function reachable({ journey }: CampaignDefinition): string {
  const asked = new Set(Object.values(journey.steps).flatMap((step) => messageOf(step)?.purpose ?? []));
  return (asked.size === 0 ? (['marketing'] as const) : [...asked]).map((purpose) => reachableFor(purpose)).join(' or ');
}
