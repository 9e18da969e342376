import { purposes, type Purpose } from './purpose.js';
import { addressKindOf, channels, type Channel } from './channels.js';

/**
 * What an opt-out ends at an address. By e-mail it is the offers: mail about the contract goes on, until the customer ends
 * that too. By text and WhatsApp it is everything: after a STOP the carrier lets nothing through, whatever it is for.
 */
export const optOutEnds = (channel: Channel): readonly Purpose[] => (addressKindOf(channel) === 'email' ? ['marketing'] : purposes);

/**
 * What may not be sent to a suppressed address. An opt-out bars what it ends; a complaint, an erasure and a dead address
 * bar everything on every channel.
 * @param reason of the suppression; null where there is none
 */
export function barredPurposes(channel: Channel, reason: string | null): readonly Purpose[] {
  if (reason === null) return [];
  return reason === 'opt-out' ? optOutEnds(channel) : purposes;
}

const pairsLeft = channels.flatMap((channel) =>
  purposes.filter((purpose) => !optOutEnds(channel).includes(purpose)).map((purpose) => `('${channel}', '${purpose}')`),
);

/**
 * The same rule as an SQL condition.
 * @param suppression alias of a row of `suppression`
 * @param purpose an SQL expression
 */
export const barsPurpose = (suppression: string, purpose: string): string =>
  `(${suppression}.reason <> 'opt-out' or (${suppression}.channel, ${purpose}) not in (${pairsLeft.join(', ')}))`;
