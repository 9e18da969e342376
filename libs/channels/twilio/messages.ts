import twilio, { type Twilio } from 'twilio';
import type { Clock } from '../../platform/clock.js';
import type { MessageContext } from '../contract/message-context.js';
import type { ErrorTable } from '../contract/provider-errors.js';
import type { SendResult } from '../contract/send-result.js';
import { sendTimeoutMs, type Mark } from '../contract/channel.js';
import { judgeTwilioError } from './errors.js';

/** What every channel over Twilio needs. */
export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender, in E.164. */
  readonly from: string;
  /** Another address than Twilio's own. */
  readonly baseUrl?: string | undefined;
  /** Where Twilio's status callbacks reach us. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** What is asked of Twilio's Messages resource, whatever the channel. */
export interface TwilioMessage {
  readonly from: string;
  readonly to: string;
  /** The words; none if a content template says them. */
  readonly body?: string;
  readonly contentSid?: string;
  /** JSON: what stands for `{{1}}`, `{{2}}` ... in the content template. */
  readonly contentVariables?: string;
  /** Carries our id, so that a report heals a message whose submission was never answered. */
  readonly statusCallback: string;
  /** Whole real seconds after which Twilio gives up, so that a queued message does not surface inside quiet hours. */
  readonly validityPeriod: number;
}

/** Twilio's limits of ValidityPeriod, in seconds. */
const validity = { least: 1, most: 36_000 };

/** A client that hands over once and never waits longer than a claim may. */
export function createTwilioClient({ accountSid, authToken, baseUrl }: TwilioSettings): Twilio {
  const client = twilio(accountSid, authToken, {
    httpClient: new twilio.RequestClient({ timeout: sendTimeoutMs, maxSockets: 100, autoRetry: false }),
  });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;
  return client;
}

/** What a message of any channel carries so that its reports find it and it does not come late. */
export function followUp(
  { messageId, sendBefore }: MessageContext,
  { publicUrl, clock }: TwilioSettings,
  now: Date,
): Pick<TwilioMessage, 'statusCallback' | 'validityPeriod'> {
  const seconds = Math.floor(clock.realMs(sendBefore.getTime() - now.getTime()) / 1_000);
  return {
    statusCallback: `${publicUrl}/hooks/twilio/status?message=${messageId}`,
    validityPeriod: Math.min(validity.most, Math.max(validity.least, seconds)),
  };
}

/** Hands a message over, once it is marked: there is no idempotency key to try again with. */
export async function submit(client: Twilio, errors: ErrorTable, message: TwilioMessage, mark: Mark): Promise<SendResult> {
  if (!(await mark())) return { kind: 'withheld' };
  return client.messages
    .create(message)
    .then(({ sid }) => acceptedAs(sid))
    .catch((error: unknown) => judgeTwilioError(errors, error));
}

/** An answer without an id is none that could be matched with a report later. */
function acceptedAs(sid: unknown): SendResult {
  if (typeof sid === 'string' && sid !== '') return { kind: 'accepted', providerId: sid };
  return { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'no-sid' };
}
