import { channels, type Channel } from '../../customers/contact-point.entity.js';
import type { Clock } from '../../platform/clock.js';
import type { Tokens } from '../../platform/tokens.js';
import type { Templates } from '../templates.js';
import type { MessageChannel } from './channel.js';
import { createEmailChannel } from './email/email.js';
import { createSmsChannel } from './sms/sms.js';

/** What the channels are made from. */
export interface ChannelSettings {
  readonly publicUrl: string;
  readonly companyName: string;
  readonly replyDomain: string;
  readonly email: { readonly url: string; readonly from: string };
  readonly twilio: {
    readonly accountSid: string;
    readonly authToken: string;
    readonly from: string;
    readonly baseUrl?: string | undefined;
  };
  readonly templates: Templates;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

/** The one table of channels: a new one is a folder and a line here. */
const table: Readonly<Record<Channel, (settings: ChannelSettings) => MessageChannel>> = {
  email: ({ email, ...common }) => createEmailChannel({ ...common, ...email }),
  sms: ({ twilio, ...common }) => createSmsChannel({ ...common, ...twilio }),
};

/** @throws Error where a channel that contact points may have is not in the table */
export function createChannels(settings: ChannelSettings): ReadonlyMap<Channel, MessageChannel> {
  const missing = channels.filter((channel) => !(channel in table));
  if (missing.length > 0) throw new Error(`No channel is made for ${missing.join(', ')}`);
  return new Map(channels.map((channel) => [channel, table[channel](settings)]));
}
