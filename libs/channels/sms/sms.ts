import type { MessageChannel } from '../contract/channel.js';
import type { MessageContext } from '../contract/message-context.js';
import { createTwilioClient, followUp, submit, type TwilioMessage, type TwilioSettings } from '../twilio/messages.js';
import { lookUp } from '../twilio/look-up.js';
import { errorsOf } from '../contract/provider-errors.js';
import { segmentsOf } from './segments.js';
import { smsTemplate } from './template.js';

export interface SmsSettings extends TwilioSettings {
  /** The provider's price for a segment, in thousandths of a minor unit. */
  readonly segmentPrice: number;
}

const errors = errorsOf('sms');

export interface ComposedSms {
  readonly message: TwilioMessage;
  readonly segments: number;
}

/** SMS over Twilio's Messages resource. Each text is submitted once, and billed by the segment. */
export function createSmsChannel(settings: SmsSettings): MessageChannel<ComposedSms> {
  const { from, segmentPrice } = settings;
  const client = createTwilioClient(settings);
  const textOf = (context: MessageContext): string => (context.reply === null ? context.render(smsTemplate) : context.reply.text);

  return {
    compose: (context, now) => {
      const body = textOf(context);
      return { message: { from, to: context.address, body, ...followUp(context, settings, now) }, segments: segmentsOf(body).segments };
    },
    send: async ({ message, segments }, mark) => {
      const result = await submit(client, errors, message, mark);
      const spent = result.kind === 'accepted' || result.kind === 'unknown';
      return spent ? { ...result, segments, costMilli: segments * segmentPrice } : result;
    },
    lookUp: (sent) => {
      const text = textOf(sent.context);
      return lookUp(client, { from, to: sent.context.address, says: (body) => body === text, ours: settings.publicUrl }, sent);
    },
    close: () => Promise.resolve(),
  };
}
