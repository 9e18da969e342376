import { z } from 'zod';
import { allOrNone, SettingsError } from '../../platform/settings-error.js';

/** The account that all channels over Twilio share. */
export const accountVariables = {
  PERENNIAL_TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'starts with AC and 32 hexadecimal digits')
    .optional()
    .describe('the Twilio account; without it there is neither SMS nor WhatsApp'),
  PERENNIAL_TWILIO_AUTH_TOKEN: z.string().min(16).optional().describe('the auth token of that account'),
  PERENNIAL_TWILIO_BASE_URL: z.url().optional().describe("another address than Twilio's own: a double, a proxy"),
};
type AccountValues = z.infer<z.ZodObject<typeof accountVariables>>;

export const senderNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164 form')
  .optional();

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Another address than Twilio's own. */
  readonly baseUrl?: string | undefined;
}

/** @returns undefined if there is none: then Twilio is not used. @throws SettingsError if it is incomplete */
export function readAccount(values: AccountValues): TwilioAccount | undefined {
  const account = allOrNone(
    { accountSid: values.PERENNIAL_TWILIO_ACCOUNT_SID, authToken: values.PERENNIAL_TWILIO_AUTH_TOKEN },
    'PERENNIAL_TWILIO_ACCOUNT_SID and PERENNIAL_TWILIO_AUTH_TOKEN',
  );
  return account && { ...account, baseUrl: values.PERENNIAL_TWILIO_BASE_URL };
}

/** The account with the sender of a channel; undefined if the channel has none. @throws SettingsError for a sender without an account */
export function readSender(values: AccountValues, from: string | undefined): (TwilioAccount & { readonly from: string }) | undefined {
  const account = readAccount(values);
  if (from === undefined) return undefined;
  if (account === undefined)
    throw new SettingsError(['PERENNIAL_TWILIO_ACCOUNT_SID: is missing, though a sender of texts or WhatsApp messages is named']);
  return { ...account, from };
}
