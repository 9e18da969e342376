import { Kinds, type Named } from '../platform/kinds.js';

/** What kind of address a channel writes to: an e-mail address, or an E.164 phone number. */
export type AddressKind = 'email' | 'phone';

/** What everybody needs to know of a channel. The rest stands in its folder. */
export interface ChannelFacts extends Named {
  readonly address: AddressKind;
  /** What it is called within a sentence. */
  readonly called: string;
}

const standard = {
  email: { address: 'email', called: 'e-mail' },
  sms: { address: 'phone', called: 'SMS' },
  whatsapp: { address: 'phone', called: 'WhatsApp' },
} as const satisfies Readonly<Record<string, ChannelFacts>>;

export type Channel = keyof typeof standard;

export const channelFacts = new Kinds<ChannelFacts, Channel>('channel', standard);

/** The channels that exist, in the order in which they are asked, all else being equal. */
export const channels = channelFacts.names;
export const isChannel = (name: string): name is Channel => channelFacts.has(name);
export const addressKindOf = (channel: Channel): AddressKind => channelFacts.get(channel).address;
