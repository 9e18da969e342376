import twilio from 'twilio';
import type { Clock } from '../../../platform/clock.js';
import type { MessageContext } from '../../message-context.js';
import type { SendResult } from '../../send-result.js';
import type { Templates } from '../../templates.js';
import { sendTimeoutMs, type MessageChannel } from '../channel.js';
import { judgeTwilioError } from './twilio-errors.js';

export interface SmsSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender, in E.164. */
  readonly from: string;
  /** Another address than Twilio's own. */
  readonly baseUrl?: string | undefined;
  /** Where Twilio's status callbacks reach us. */
  readonly publicUrl: string;
  readonly templates: Templates;
  readonly clock: Clock;
}

export interface ComposedSms {
  readonly to: string;
  readonly body: string;
  /** Carries our id, so that a report heals a message whose submission was never answered. */
  readonly statusCallback: string;
  /** Whole real seconds after which Twilio gives up, so that a queued text does not surface inside quiet hours. */
  readonly validityPeriod: number;
}

/** Twilio's limits of ValidityPeriod, in seconds. */
const validity = { least: 1, most: 36_000 };

/** SMS over Twilio's Messages resource. Each text is handed over once: there is no idempotency key to retry with. */
export function createSmsChannel({
  accountSid,
  authToken,
  from,
  baseUrl,
  publicUrl,
  templates,
  clock,
}: SmsSettings): MessageChannel<ComposedSms> {
  const client = twilio(accountSid, authToken, {
    httpClient: new twilio.RequestClient({ timeout: sendTimeoutMs, maxSockets: 100, autoRetry: false }),
  });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;

  return {
    compose: ({ messageId, address, template, locale, variables, sendBefore }: MessageContext, now) => {
      const seconds = Math.floor(clock.realMs(sendBefore.getTime() - now.getTime()) / 1_000);
      return {
        to: address,
        body: templates.sms(template, locale, variables),
        statusCallback: `${publicUrl}/hooks/twilio/status?message=${messageId}`,
        validityPeriod: Math.min(validity.most, Math.max(validity.least, seconds)),
      };
    },
    send: (text) =>
      client.messages
        .create({ from, ...text })
        .then(({ sid }): SendResult => acceptedAs(sid))
        .catch(judgeTwilioError),
    close: () => Promise.resolve(),
  };
}

/** An answer without an id is none that could be matched with a report later. */
function acceptedAs(sid: unknown): SendResult {
  if (typeof sid === 'string' && sid !== '') return { kind: 'accepted', providerId: sid };
  return { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'no-sid' };
}
