import { channelKinds, type Channel } from './table.js';
import { twilioPrefixOf } from './twilio/gateway.js';

/** The channels that use Twilio. */
export const twilioChannels = (): readonly Channel[] =>
  channelKinds.entries.flatMap(([channel, { gateway }]) => (twilioPrefixOf(gateway) === undefined ? [] : [channel]));

/** Reads Twilio's From or To: a phone number or a short code, on one of our channels; undefined for any other. */
export function readTwilioAddress(text: string): { readonly channel: Channel; readonly number: string } | undefined {
  const [, prefix = '', number] = /^([a-z]+:)?(\+?\d{3,15})$/i.exec(text) ?? [];
  const channel = twilioChannels().find((each) => twilioPrefixOf(channelKinds.get(each).gateway) === prefix.toLowerCase());
  return channel === undefined || number === undefined ? undefined : { channel, number };
}
