import { z } from 'zod';
import type { ChannelKind } from '../channel-kind.js';
import { channelSettings } from '../channel-settings.js';
import { purposes } from '../purpose.js';
import { twilioGateway } from '../twilio/gateway.js';
import { accountVariables, readSender, senderNumber, type TwilioAccount } from '../twilio/settings.js';
import { whatsappPrefix } from './address.js';
import { conversationMs } from './conversation.js';
import { whatsappTemplate, type WhatsappContent } from './template.js';
import { texts } from './texts.js';

/** WhatsApp over Twilio. */
export const whatsapp: ChannelKind<TwilioAccount & { readonly from: string }> = {
  address: 'phone',
  words: { called: 'WhatsApp', message: 'a WhatsApp message' },
  texts,
  named: ['whatsapp', 'whatsapps', 'whatsappen', 'whatsappa', 'whatsappy', 'appjes', 'appen', 'wasap', 'zap'],
  optOutEnds: purposes,
  imports: { field: 'whatsapp', consents: /whatsapp/i },
  replies: { longest: 1_600, withinMs: conversationMs },
  settings: channelSettings(
    {
      ...accountVariables,
      PERENNIAL_TWILIO_WHATSAPP_FROM: senderNumber.describe('the WhatsApp sender; without it the channel is off'),
      PERENNIAL_WHATSAPP_RATE: z.coerce.number().positive().default(80).describe('WhatsApp messages a second, at most'),
    },
    (values) => ({ own: readSender(values, values.PERENNIAL_TWILIO_WHATSAPP_FROM), ratePerSecond: values.PERENNIAL_WHATSAPP_RATE }),
  ),
  template: whatsappTemplate,
  preview: {
    shown: z.object({ text: z.string(), content: z.object({ sid: z.string(), variables: z.record(z.string(), z.string()) }) }),
    show: (content: WhatsappContent | undefined) => content,
  },
  gateway: twilioGateway(whatsappPrefix),
  open: async (own, around) => (await import('./whatsapp.js')).createWhatsappChannel({ ...around, ...own }),
};
