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
  /** Missing in a location, a contact card, a sticker, a picture without words. */
  Body: z.string().optional(),
  /** WhatsApp: what stands on the button that was pressed. */
  ButtonText: z.string().optional(),
  /** Set where Twilio's Advanced Opt-Out has taken the text for a keyword. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
});
/** A text, or what a button said; empty where something came that has no words. */
export interface InboundText {
  readonly MessageSid: string;
  readonly From: z.infer<typeof address>;
  readonly Body: string;
  readonly OptOutType?: 'STOP' | 'START' | 'HELP' | undefined;
}

const status = z.object({
  MessageSid: messageSid,
  To: address,
  MessageStatus: z.string().regex(/^[a-z_-]{1,40}$/),
  ErrorCode: z
    .string()
    .regex(/^\d{1,8}$/)
    .optional()
    .catch(undefined),
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

/** Twilio's fields near the words and the sender, in the order that it signs. Others may come at any time. */
const known = new Set([
  ...['Body', 'ButtonPayload', 'ButtonText', 'ButtonType', 'ChannelInstallSid', 'ChannelMetadata', 'ChannelPrefix', 'ChannelToAddress'],
  ...['DateCreated', 'DateSent', 'DateUpdated', 'Direction', 'ErrorCode', 'ErrorMessage', 'EventType', 'Forwarded', 'FrequentlyForwarded'],
  ...['From', 'FromCity', 'FromCountry', 'FromState', 'FromZip'],
]);
/** A sender, and then the next field: where in the signed text a message may come from. */
const senders = /From(?:[a-z]+:)?\+?\d{3,}(?=[A-Z]|$)/g;

/**
 * Reads an inbound text. What Twilio signs has no delimiters, so somebody who got hold of one signed form could cut it into
 * other fields: a text "STOPFrom+1555..." into a STOP from somebody else. Whatever fields Twilio adds, such a cut shows: the
 * sender may begin in two places of what was signed, or the rest of what was cut stands as a field that Twilio does not send,
 * with a name that is none, or with nothing in it. A whole form has none of these, also where it has fields that are not
 * known here.
 * @throws Problem invalid
 */
export function readInboundText(form: ReadonlyMap<string, string>): InboundText {
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : 1));
  const places = fields.flat().join('').match(senders)?.length ?? 0;
  if (places > 1 || fields.some(([name, value]) => isRest(name, value))) {
    throw new Problem('invalid', 'The form can be read in more than one way');
  }
  const { Body, ButtonText, ...rest } = read(inbound, form);
  return { ...rest, Body: Body ?? ButtonText ?? '' };
}

/** May this be what is left of a text or a sender that was cut? Those are signed before `MessageSid`. */
function isRest(name: string, value: string): boolean {
  if (name < 'Body' || name > 'MessageSid' || known.has(name)) return false;
  const wellNamed = /^[A-Z][A-Za-z0-9]*$/.test(name) && !/.From[A-Z0-9]/.test(name);
  return !wellNamed || /From[A-Z0-9+]/.test(value) || (value === '' && name < 'G');
}

/**
 * Has Twilio said what is to be said to who asks for help? Its Advanced Opt-Out tells; its default handling of keywords, of
 * texts only, does not.
 * @param byDefault that handling is on
 */
export function isAnsweredByTwilio({ OptOutType, From, Body }: InboundText, byDefault: boolean): boolean {
  return OptOutType === 'HELP' || (byDefault && From.channel === 'sms' && /^\s*(help|info)\s*$/i.test(Body));
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
