import { z } from 'zod';
import type { ChannelKind } from '../channel-kind.js';
import { channelSettings } from '../channel-settings.js';
import { purposes } from '../purpose.js';
import { twilioGateway } from '../twilio/gateway.js';
import { accountVariables, readSender, senderNumber, type TwilioAccount } from '../twilio/settings.js';
import { segmentsOf } from './segments.js';
import { smsTemplate } from './template.js';
import { texts } from './texts.js';

interface OwnSettings extends TwilioAccount {
  readonly from: string;
  readonly segmentPrice: number;
}

/** SMS over Twilio. */
export const sms: ChannelKind<OwnSettings> = {
  address: 'phone',
  words: { called: 'SMS', message: 'a text' },
  texts,
  named: [
    ...['sms', 'smser', 'smses', 'smsen', 'smsjes', 'smsje', 'smsy', 'smsow', 'smsa', 'text', 'texts', 'texting', 'txt', 'txts', 'txting'],
    ...['texto', 'textos', 'textnachricht', 'textnachrichten', 'kurznachricht', 'kurznachrichten', 'simsen', 'messaggini'],
    ...['torpedos', 'esemesow', 'esemesy', 'esemes'],
    ...['textmeddelanden', 'textmeddelande', 'tekstbeskeder', 'tekstbesked', 'tekstberichten'],
  ],
  // After a STOP the carrier blocks all messages, whatever their purpose.
  optOutEnds: purposes,
  imports: { field: 'phone', consents: /sms|text|mobil|phone|telefon/i },
  // Twilio accepts this many in one request.
  replies: { longest: 1_600, withinMs: Infinity },
  settings: channelSettings(
    {
      ...accountVariables,
      PERENNIAL_TWILIO_FROM: senderNumber.describe('the sender of texts; without it the channel SMS is off'),
      PERENNIAL_SMS_RATE: z.coerce.number().positive().default(100).describe('texts a second, at most'),
      PERENNIAL_SMS_PRICE: z.coerce.number().int().min(0).default(8_000).describe('what a segment costs, in thousandths of a minor unit'),
    },
    (values) => {
      const sender = readSender(values, values.PERENNIAL_TWILIO_FROM);
      return { own: sender && { ...sender, segmentPrice: values.PERENNIAL_SMS_PRICE }, ratePerSecond: values.PERENNIAL_SMS_RATE };
    },
  ),
  template: smsTemplate,
  preview: {
    shown: z.object({ text: z.string(), encoding: z.enum(['gsm-7', 'ucs-2']), units: z.int(), segments: z.int() }),
    show: (text: string) => ({ text, ...segmentsOf(text) }),
  },
  gateway: twilioGateway(''),
  open: async (own, around) => (await import('./sms.js')).createSmsChannel({ ...around, ...own }),
};
