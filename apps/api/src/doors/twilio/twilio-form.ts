import twilio from 'twilio';
import { z } from 'zod';
import { readTwilioAddress, type TwilioChannel } from '../../../../../libs/messaging/channels/twilio/address.js';
import { Problem } from '../../../../../libs/platform/problem.js';

/** The account whose webhooks are let in, and the address by which Twilio reaches us. */
export interface TwilioDoorSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** Without a slash at its end; what Twilio signs begins with it. */
  readonly publicUrl: string;
}

/** A phone number, or a short code, by the channel that it stands for: `whatsapp:+49…` on WhatsApp. */
const address = z.string().transform((text, context): { channel: TwilioChannel; number: string } => {
  const read = readTwilioAddress(text);
  if (read !== undefined) return read;
  context.addIssue('is no address on a channel that is known here');
  return z.NEVER;
});

const messageSid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);

const inbound = z.object({
  MessageSid: messageSid,
  From: address,
  Body: z.string(),
  /** Set where Twilio's Advanced Opt-Out has taken the text for a keyword. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
});
export type InboundText = z.infer<typeof inbound>;

const status = z.object({
  MessageSid: messageSid,
  To: address,
  MessageStatus: z.string().regex(/^[a-z_-]{1,40}$/),
  ErrorCode: z
    .string()
    .regex(/^\d{1,8}$/)
    .optional(),
});
export type StatusReport = z.infer<typeof status>;

/**
 * Lets a form in that Twilio has signed for `path` (with its query) at our public address.
 * @throws Problem forbidden for a wrong signature or another account
 */
export function verifySigned(
  settings: TwilioDoorSettings,
  signature: string | undefined,
  path: string,
  form: ReadonlyMap<string, string>,
): void {
  const signed = twilio.validateRequest(settings.authToken, signature ?? '', `${settings.publicUrl}${path}`, Object.fromEntries(form));
  if (!signed)
    throw new Problem(
      'forbidden',
      'The signature is not right',
      [],
      'Check that PERENNIAL_PUBLIC_URL and the auth token are the ones Twilio has.',
    );
  if (form.get('AccountSid') !== settings.accountSid) throw new Problem('forbidden', 'This is another Twilio account');
}

/** Which fields may come before `From` in the order that Twilio signs, and their form. Only the Body is a stranger's own text. */
const beforeFrom: Readonly<Record<string, (value: string) => boolean>> = {
  AccountSid: () => true,
  AddOns: isJson,
  ApiVersion: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value),
  Body: () => true,
  // WhatsApp: a button that was pressed, and where the message came from.
  ButtonPayload: () => true,
  ButtonText: () => true,
  ChannelMetadata: isJson,
  Forwarded: isFlag,
  FrequentlyForwarded: isFlag,
};

/**
 * Reads an inbound text. What Twilio signs has no delimiters, so somebody who got hold of one signed form could cut it into
 * other fields: a text "STOPFrom+1555..." into a STOP from somebody else. Hence only the fields that Twilio sends may stand
 * before and after the text, and there may be only one place where the sender can begin.
 * @throws Problem invalid
 */
export function readInboundText(form: ReadonlyMap<string, string>): InboundText {
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : 1));
  const foreign = fields.some(([name, value]) => name < 'From' && beforeFrom[name]?.(value) !== true);
  const senders =
    fields
      .flat()
      .join('')
      .match(/From(?:[a-z]+:)?\+?\d/g)?.length ?? 0;
  if (foreign || senders !== 1) throw new Problem('invalid', 'The form can be read in more than one way');
  return read(inbound, form);
}

/**
 * Has Twilio said what is to be said to who asks for help? Its Advanced Opt-Out tells; its default handling of keywords, of
 * texts only, does not.
 * @param byDefault that handling is on
 */
export function isAnsweredByTwilio({ OptOutType, From, Body }: InboundText, byDefault: boolean): boolean {
  return OptOutType === 'HELP' || (byDefault && From.channel === 'sms' && /^\s*(help|info)\s*$/i.test(Body));
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function isFlag(value: string): boolean {
  return value === 'true' || value === 'false';
}

/** Reads a status callback. @throws Problem invalid */
export function readStatus(form: ReadonlyMap<string, string>): StatusReport {
  return read(status, form);
}

function read<T>(schema: z.ZodType<T>, form: ReadonlyMap<string, string>): T {
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => ({
    where: issue.path.join('.'),
    what: form.has(String(issue.path[0])) ? 'is not valid' : 'is missing',
  }));
  throw new Problem('invalid', 'The form is not one that Twilio sends', places);
}
