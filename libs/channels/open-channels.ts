import type { Channel } from './table.js';
import type { Clock } from '../platform/clock.js';
import type { Tokens } from '../platform/tokens.js';
import type { MessageChannel } from './contract/channel.js';
import type { DkimSettings } from './email/dkim.js';
import { createEmailChannel, type EmailSettings } from './email/email.js';
import { channelsSetUp } from './set-up.js';
import { createSmsChannel, type SmsSettings } from './sms/sms.js';
import type { TwilioSettings } from './twilio/messages.js';
import { createWhatsappChannel } from './whatsapp/whatsapp.js';

/** What the channels are made from. */
export interface ChannelSettings {
  readonly publicUrl: string;
  readonly companyName: string;
  readonly replyDomain: string;
  readonly email: Pick<EmailSettings, 'url' | 'from' | 'connections' | 'timeoutMs'> & { readonly dkim?: DkimSettings | undefined };
  readonly twilio: Pick<TwilioSettings, 'accountSid' | 'authToken' | 'baseUrl'> | undefined;
  readonly sms: Pick<SmsSettings, 'segmentPrice'> & { readonly from: string | undefined };
  readonly whatsapp: { readonly from: string | undefined };
  readonly tokens: Tokens;
  readonly clock: Clock;
}

/** The one table of channels: a new one is a folder, a line here and one in set-up.ts. */
const table: Readonly<Record<Channel, (settings: ChannelSettings) => MessageChannel>> = {
  email: ({ email, ...common }) => createEmailChannel({ ...common, ...email }),
  sms: ({ twilio, sms, ...common }) => createSmsChannel({ ...common, ...accountOf(twilio), ...sms, from: senderOf(sms) }),
  whatsapp: ({ twilio, whatsapp, ...common }) => createWhatsappChannel({ ...common, ...accountOf(twilio), from: senderOf(whatsapp) }),
};

function accountOf<Account>(twilio: Account | undefined): Account {
  if (twilio === undefined) throw new Error('a channel over Twilio has no account');
  return twilio;
}

function senderOf({ from }: { readonly from: string | undefined }): string {
  if (from === undefined) throw new Error('a channel has no sender');
  return from;
}

/** The channels that are set up (see `channelsSetUp`), ready to send. */
export function createChannels(settings: ChannelSettings): ReadonlyMap<Channel, MessageChannel> {
  return new Map(channelsSetUp(settings).map((channel) => [channel, table[channel](settings)]));
}
