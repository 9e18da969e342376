import { channels as allChannels, type Channel } from '../../channels/table.js';
import type { ChannelWish } from '../../journeys/effects.js';
import type { PolicyTables } from '../contact-policy/policy-tables.js';
import type { TextsFor } from '../templates/template-channels.js';
import type { Recipient } from './contact-facts.js';
import type { Known } from './plan-message-facts.js';

/** Why a template cannot be sent to a customer on a channel. */
export type Unwritable = 'no-text' | 'offer-closed' | 'missing-value';

/** The channels with texts, by the publication that a recipient's campaign or request is pinned to. */
export async function textsOf({ recipients }: Known, { textsAt }: PolicyTables): Promise<ReadonlyMap<number | null, TextsFor>> {
  const publications = new Set([...recipients.values()].map(({ publication }) => publication));
  return new Map(await Promise.all([...publications].map(async (each) => [each, await textsAt(each)] as const)));
}

/** The texts of a recipient's publication, from the result of `textsOf`. */
export function textsAmong(texts: ReadonlyMap<number | null, TextsFor>, { publication }: Recipient): TextsFor {
  const found = texts.get(publication);
  if (found === undefined) throw new Error('The templates of a publication were not loaded');
  return found;
}

/**
 * Why no channel is asked at all; null if channels may be asked. A message of a campaign is planned even if its template no longer exists:
 * the dispatcher then pauses the campaign, and its messages wait. A request outside of a campaign cannot be paused.
 */
export function whyUnasked(
  { template, channel }: { readonly template: string; readonly channel: ChannelWish },
  { enrolmentId, locale }: Pick<Recipient, 'enrolmentId' | 'locale'>,
  textsFor: TextsFor,
  setUp: readonly Channel[],
): 'no-template' | 'channel-off' | null {
  if (enrolmentId === null && textsFor(template, locale) === null) return 'no-template';
  return channel === 'preferred' || channel === 'other' || setUp.includes(channel) ? null : 'channel-off';
}

/**
 * Why the template cannot be sent on a channel; null if it can.
 * @param offer whether the recipient has an offer that a text may show, had one that has ended, or has none
 */
export function unwritableOn(
  textsFor: TextsFor,
  template: string,
  { locale, named }: Pick<Recipient, 'locale' | 'named'>,
  offer: 'there' | 'ended' | 'none',
): (channel: Channel) => Unwritable | null {
  const textsWith = (has?: { readonly offer: boolean }): readonly Channel[] =>
    textsFor(template, locale, has && { 'customer.name': named, ...has }) ?? allChannels;
  const [texts, composable, withOffer] = [textsWith(), textsWith({ offer: offer === 'there' }), textsWith({ offer: true })];
  return (channel) => {
    if (composable.includes(channel)) return null;
    if (!texts.includes(channel)) return 'no-text';
    return offer === 'ended' && withOffer.includes(channel) ? 'offer-closed' : 'missing-value';
  };
}
