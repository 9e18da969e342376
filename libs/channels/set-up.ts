import { channels, type Channel } from './table.js';

/** The settings by which a channel is on or off. */
export interface OptionalChannels {
  /** The Twilio account that texts and WhatsApp messages go through. */
  readonly twilio?: object | undefined;
  readonly sms?: { readonly from?: string | undefined };
  readonly whatsapp?: { readonly from?: string | undefined };
}

const isSetUp: Readonly<Record<Channel, (settings: OptionalChannels) => boolean>> = {
  email: () => true,
  sms: ({ twilio, sms }) => twilio !== undefined && sms?.from !== undefined,
  whatsapp: ({ twilio, whatsapp }) => twilio !== undefined && whatsapp?.from !== undefined,
};

/**
 * The channels that this installation can send on, in the order of `channels`. On any other nothing is planned or sent,
 * though a customer may have an address and consent for it.
 */
export function channelsSetUp(settings: OptionalChannels): readonly Channel[] {
  return channels.filter((channel) => isSetUp[channel](settings));
}
