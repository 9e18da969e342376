import twilio from 'twilio';
import { z } from 'zod';
import type { Channel } from '../../../../../libs/channels/table.js';
import { readTwilioAddress } from '../../../../../libs/channels/twilio-address.js';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { Form } from '../form.js';

/** The account whose webhooks are accepted, and the address by which Twilio reaches us. */
export interface TwilioWebhookSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** Without a slash at its end; the text that Twilio signs begins with it. */
  readonly publicUrl: string;
}

/** A phone number or short code with its channel; null for a channel that is not answered here. */
const address = z.string().transform((text, context): { channel: Channel; number: string } | null => {
  const read = readTwilioAddress(text);
  if (read !== undefined) return read;
  if (/^[a-z]+:\S+$/i.test(text)) return null;
  context.addIssue('is no address');
  return z.NEVER;
});

const messageSid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);

const inbound = z.object({
  MessageSid: messageSid,
  From: address,
  /** Missing in a location, a contact card, a sticker, a picture without words. */
  Body: z.string().optional(),
  /** WhatsApp: the text of the pressed button. */
  ButtonText: z.string().optional(),
  /** WhatsApp: the picked line of a list. */
  ListTitle: z.string().optional(),
  /** Set if Twilio's Advanced Opt-Out has read the text as a keyword. */
  OptOutType: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['STOP', 'START', 'HELP']))
    .optional()
    .catch(undefined),
});
/** The text, or the text of a button or a line of a list; empty for a message without words. */
export interface InboundText {
  readonly MessageSid: string;
  readonly From: NonNullable<z.infer<typeof address>>;
  readonly Body: string;
  readonly OptOutType?: 'STOP' | 'START' | 'HELP' | undefined;
}

const status = z.object({
  MessageSid: messageSid,
  MessageStatus: z.string(),
  ErrorCode: z
    .string()
    .regex(/^\d{1,8}$/)
    .optional()
    .catch(undefined),
});
export type StatusReport = z.infer<typeof status>;

/**
 * Checks that Twilio has signed the form for `path` (with its query) at our public address.
 * @throws Problem forbidden for a wrong signature or another account
 */
export function verifySigned(settings: TwilioWebhookSettings, signature: string | undefined, path: string, form: Form): void {
  const params = Object.fromEntries(form.fields);
  const signed = twilio.validateRequest(settings.authToken, signature ?? '', `${settings.publicUrl}${path}`, params);
  if (!signed)
    throw new Problem(
      'forbidden',
      'Invalid signature',
      [],
      'Check that PERENNIAL_PUBLIC_URL and the auth token are the same as at Twilio.',
    );
  if (form.get('AccountSid') !== settings.accountSid) throw new Problem('forbidden', 'This is another Twilio account');
}

/** Twilio's fields near the text and the sender, in the order of signing. Twilio may add others at any time. */
const known = new Set([
  ...['Body', 'ButtonPayload', 'ButtonText', 'ButtonType', 'ChannelInstallSid', 'ChannelMetadata', 'ChannelPrefix', 'ChannelToAddress'],
  ...['DateCreated', 'DateSent', 'DateUpdated', 'Direction', 'ErrorCode', 'ErrorMessage', 'EventType', 'Forwarded', 'FrequentlyForwarded'],
  ...['From', 'FromCity', 'FromCountry', 'FromState', 'FromZip'],
]);
/**
 * The places in the signed text where Twilio may have written the sender: an address, and then a name that is signed between `From` and
 * `MessageSid`, which Twilio always sends. It only looks ahead, so that no place hides in another.
 */
const senders = /From(?=(?:[A-Za-z]+:\+?[\w.-]+|\+?\d{3,})(?:From[A-Z]|F[s-z]|[G-M]))/g;

/**
 * Reads an inbound text. The text that Twilio signs has no delimiters, so somebody with one signed form could divide it into other fields:
 * a text "STOPFrom+1555..." into a STOP from somebody else. Such a division leaves the real sender, and the field after it, somewhere in
 * the signed text. So a form is refused if a sender may also have been at another place. The message and other fields may contain similar
 * text: the next name in the order distinguishes them. A cut that keeps the sender gains nothing; if it shows as a field that Twilio does
 * not send, the form is still refused.
 * @returns undefined for a sender on a channel that is not answered here
 * @throws Problem invalid
 */
export function readInboundText(form: Form): InboundText | undefined {
  const fields = asSigned(form);
  if (mayBeFromAnother(fields) || fields.some(([name, value]) => isRest(name, value))) {
    throw new Problem('invalid', 'The form can be read in more than one way');
  }
  const { Body, ButtonText, ListTitle, From, ...rest } = read(inbound, form);
  const words = [Body, ButtonText, ListTitle].find((said) => said !== undefined && said !== '');
  return From === null ? undefined : { ...rest, From, Body: words ?? '' };
}

function mayBeFromAnother(fields: readonly [string, string][]): boolean {
  const before = fields.slice(
    0,
    Math.max(
      0,
      fields.findIndex(([name]) => name === 'From'),
    ),
  );
  const said = before.flat().join('').length;
  return [...fields.flat().join('').matchAll(senders)].some(({ index }) => index !== said);
}

/** The fields in the order in which Twilio signs them: by name, and by value if a name occurs twice. */
function asSigned({ fields }: Form): [string, string][] {
  const names = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return names.flatMap(([name, values]) => [...values].sort().map((value): [string, string] => [name, value]));
}

/** Whether this may be the rest of a divided text or sender. Those are signed before `MessageSid`. */
function isRest(name: string, value: string): boolean {
  if (name < 'Body' || name > 'MessageSid' || known.has(name)) return false;
  const wellNamed = /^[A-Z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*$/.test(name) && !/.From\d/.test(name);
  if (!wellNamed || name > 'From') return !wellNamed;
  // Twilio's names have several words, `CallerName`; the last word of a text is a single word.
  return /From[A-Z]/.test(value) || (value === '' && /^[A-Z][a-z0-9]*$/.test(name));
}

/**
 * Whether Twilio has already answered a request for help. Its Advanced Opt-Out reports that; its default keyword handling, for texts only,
 * does not.
 * @param byDefault whether that handling is on
 */
export function isAnsweredByTwilio({ OptOutType, From, Body }: InboundText, byDefault: boolean): boolean {
  return OptOutType === 'HELP' || (byDefault && From.channel === 'sms' && /^\s*(help|info)\s*$/i.test(Body));
}

/** Reads a status callback. @throws Problem invalid */
export function readStatus(form: Form): StatusReport {
  return read(status, form);
}

/** Only these fields are read: Twilio may add others. */
function read<T extends z.ZodObject>(schema: T, form: Form): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(Object.keys(schema.shape).map((name) => [name, form.get(name)])));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => ({
    where: issue.path.join('.'),
    what: form.fields.has(String(issue.path[0])) ? 'is not valid' : 'is missing',
  }));
  throw new Problem('invalid', 'The form is not one that Twilio sends', places);
}
