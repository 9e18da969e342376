import type { Channel } from '../table.js';

/** What Twilio writes before the number, by channel: nothing for a text. */
const prefixes = { sms: '', whatsapp: 'whatsapp:' } as const satisfies Partial<Record<Channel, string>>;
export type TwilioChannel = keyof typeof prefixes;
export const twilioChannels = Object.keys(prefixes) as readonly TwilioChannel[];

/** An address as Twilio wants it: `+49…`, `whatsapp:+49…`. */
export function twilioAddress(channel: TwilioChannel, number: string): string {
  return `${prefixes[channel]}${number}`;
}

/** Reads what Twilio writes as From or To: a phone number or a short code, on one of our channels; undefined for any other. */
export function readTwilioAddress(text: string): { readonly channel: TwilioChannel; readonly number: string } | undefined {
  const [, prefix, number] = /^([a-z]+:)?(\+?\d{3,15})$/i.exec(text) ?? [];
  const channel = twilioChannels.find((each) => prefixes[each] === (prefix ?? '').toLowerCase());
  return channel === undefined || number === undefined ? undefined : { channel, number };
}
