import { Kinds } from '../platform/kinds.js';
import type { AddressKind, ChannelKind } from './channel-kind.js';
import type { ChannelSetting } from './channel-settings.js';
import { email } from './email/kind.js';
import { sms } from './sms/kind.js';
import { whatsapp } from './whatsapp/kind.js';

/** Every channel. A new one is a folder beside this file, and a line here. */
const standard = { email, sms, whatsapp } as const satisfies Readonly<Record<string, ChannelKind>>;

export type Channel = keyof typeof standard;

/** The settings of each of them. */
export type ChannelSettingsByName = {
  readonly [Name in Channel]: (typeof standard)[Name] extends ChannelKind<infer Own> ? ChannelSetting<Own> : never;
};

export const channelKinds = new Kinds<ChannelKind, Channel>('channel', standard);

/** The existing channels, in order of preference if everything else is equal. */
export const channels = channelKinds.names;
export const isChannel = (name: string): name is Channel => channelKinds.has(name);
export const addressKindOf = (channel: Channel): AddressKind => channelKinds.get(channel).address;
