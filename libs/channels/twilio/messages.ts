import twilio, { type Twilio } from 'twilio';
import type { Clock } from '../../platform/clock.js';
import type { MessageContext } from '../contract/message-context.js';
import type { ErrorTable } from '../contract/provider-errors.js';
import type { SendResult } from '../contract/send-result.js';
import { sendTimeoutMs, type Mark } from '../contract/channel.js';
import { judgeTwilioError } from './errors.js';

/** The settings of every channel that uses Twilio. */
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

/** A request to Twilio's Messages resource, for any channel. */
export interface TwilioMessage {
  readonly from: string;
  readonly to: string;
  /** The text; missing if a content template provides it. */
  readonly body?: string;
  readonly contentSid?: string;
  /** JSON: the values of `{{1}}`, `{{2}}` ... in the content template. */
  readonly contentVariables?: string;
  /** Contains our id, so that a report settles a message whose submission had no reply. */
  readonly statusCallback: string;
  /** Whole real seconds after which Twilio gives up, so that a queued message does not arrive in quiet hours. */
  readonly validityPeriod: number;
}

/** Twilio's limits of ValidityPeriod, in seconds. */
const validity = { least: 1, most: 36_000 };

/** A client that submits once and never waits longer than a claim lasts. */
export function createTwilioClient({ accountSid, authToken, baseUrl }: TwilioSettings): Twilio {
  const client = twilio(accountSid, authToken, {
    httpClient: new twilio.RequestClient({ timeout: sendTimeoutMs, maxSockets: 100, autoRetry: false }),
  });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;
  return client;
}

/** The fields of a message of any channel that let its reports find it and prevent late delivery. */
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

/** Submits a message after it is marked, only once: Twilio has no idempotency key for a retry. */
export async function submit(client: Twilio, errors: ErrorTable, message: TwilioMessage, mark: Mark): Promise<SendResult> {
  if (!(await mark())) return { kind: 'withheld' };
  return client.messages
    .create(message)
    .then(({ sid }) => acceptedAs(sid))
    .catch((error: unknown) => judgeTwilioError(errors, error));
}

/** A reply without an id could not be matched with a later report. */
function acceptedAs(sid: unknown): SendResult {
  if (typeof sid === 'string' && sid !== '') return { kind: 'accepted', providerId: sid };
  return { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'no-sid' };
}
