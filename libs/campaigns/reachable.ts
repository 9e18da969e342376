import type { Purpose } from '../customers/purpose.js';
import type { Channel } from '../customers/contact-point.entity.js';
import { mayWriteToSql } from '../customers/may-write.js';
import type { OfferSpec } from '../journeys/steps/offer.js';
import type { CampaignDefinition } from './definition.js';

/**
 * SQL over alias c (customer): somebody who has an address that may be written to for this purpose.
 * @param channel that the address is on; any unless one is asked for
 */
export const reachableFor = (purpose: Purpose, channel?: Channel): string => `exists (
  select from contact_point p
  where p.customer_id = c.id${channel === undefined ? '' : ` and p.channel = '${channel}'`}
    and ${mayWriteToSql({ customer: 'c', point: 'p', purpose: `'${purpose}'` })})`;

/**
 * SQL over alias c (customer): somebody whom at least one of the journey's messages may reach. A journey without messages is
 * judged as marketing.
 */
export function reachable({ journey }: CampaignDefinition): string {
  const offers = Object.values(journey.steps).filter(({ kind }) => kind === 'offer');
  const asked = new Set(offers.map(({ spec }) => (spec as OfferSpec).purpose ?? 'marketing'));
  return (asked.size === 0 ? (['marketing'] as const) : [...asked]).map((purpose) => reachableFor(purpose)).join(' or ');
}
