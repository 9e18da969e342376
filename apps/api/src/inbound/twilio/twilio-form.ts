import twilio from 'twilio';
import { z } from 'zod';
import type { Channel } from '../../../../../libs/channels/table.js';
import { readTwilioAddress } from '../../../../../libs/channels/twilio-address.js';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { Form } from '../form.js';

/** The account whose webhooks are let in, and the address by which Twilio reaches us. */
export interface TwilioWebhookSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** Without a slash at its end; what Twilio signs begins with it. */
  readonly publicUrl: string;
}

/** A phone number or short code by the channel that it stands for; null for one on a channel that is not answered here. */
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
  /** WhatsApp: what stands on the button that was pressed. */
  ButtonText: z.string().optional(),
  /** WhatsApp: the line of a list that was picked. */
  ListTitle: z.string().optional(),
  /** Set where Twilio's Advanced Opt-Out has taken the text for a keyword. */
  OptOutType: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['STOP', 'START', 'HELP']))
    .optional()
    .catch(undefined),
});
/** A text, or what a button or a line of a list said; empty if something came that has no words. */
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
 * Lets a form in that Twilio has signed for `path` (with its query) at our public address.
 * @throws Problem forbidden for a wrong signature or another account
 */
export function verifySigned(settings: TwilioWebhookSettings, signature: string | undefined, path: string, form: Form): void {
  const params = Object.fromEntries(form.fields);
  const signed = twilio.validateRequest(settings.authToken, signature ?? '', `${settings.publicUrl}${path}`, params);
  if (!signed)
    throw new Problem('forbidden', 'Invalid signature', [], 'Check that PERENNIAL_PUBLIC_URL and the auth token are the ones Twilio has.');
  if (form.get('AccountSid') !== settings.accountSid) throw new Problem('forbidden', 'This is another Twilio account');
}

/** Twilio's fields near the words and the sender, in the order that it signs. Others may come at any time. */
const known = new Set([
  ...['Body', 'ButtonPayload', 'ButtonText', 'ButtonType', 'ChannelInstallSid', 'ChannelMetadata', 'ChannelPrefix', 'ChannelToAddress'],
  ...['DateCreated', 'DateSent', 'DateUpdated', 'Direction', 'ErrorCode', 'ErrorMessage', 'EventType', 'Forwarded', 'FrequentlyForwarded'],
  ...['From', 'FromCity', 'FromCountry', 'FromState', 'FromZip'],
]);
/**
 * Where in the signed text Twilio may have written the sender: an address, and then a name that is signed between `From` and
 * `MessageSid`, which Twilio always sends. Looks ahead only, so that no place hides in another.
 */
const senders = /From(?=(?:[A-Za-z]+:\+?[\w.-]+|\+?\d{3,})(?:From[A-Z]|F[s-z]|[G-M]))/g;

/**
 * Reads an inbound text. What Twilio signs has no delimiters, so somebody who got hold of one signed form could cut it into
 * other fields: a text "STOPFrom+1555..." into a STOP from somebody else. Such a cut leaves the real sender, and the field
 * behind it, somewhere in what was signed. So a form is refused if a sender may have stood elsewhere than the form says.
 * Words and other fields may hold what looks like one: what comes next in the order of names distinguishes them. Who cuts a
 * form and stays its sender gains nothing; where it shows as a field that Twilio does not send, it is refused all the same.
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

/** The fields in the order in which Twilio signs them: by name, and by value where a name comes twice. */
function asSigned({ fields }: Form): [string, string][] {
  const names = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return names.flatMap(([name, values]) => [...values].sort().map((value): [string, string] => [name, value]));
}

/** May this be what is left of a text or a sender that was cut? Those are signed before `MessageSid`. */
function isRest(name: string, value: string): boolean {
  if (name < 'Body' || name > 'MessageSid' || known.has(name)) return false;
  const wellNamed = /^[A-Z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*$/.test(name) && !/.From\d/.test(name);
  if (!wellNamed || name > 'From') return !wellNamed;
  // Twilio's names are of several words, `CallerName`; the last word of a text is one.
  return /From[A-Z]/.test(value) || (value === '' && /^[A-Z][a-z0-9]*$/.test(name));
}

/**
 * Has Twilio already answered a request for help? Its Advanced Opt-Out says so; its default handling of keywords, of
 * texts only, does not.
 * @param byDefault that handling is on
 */
export function isAnsweredByTwilio({ OptOutType, From, Body }: InboundText, byDefault: boolean): boolean {
  return OptOutType === 'HELP' || (byDefault && From.channel === 'sms' && /^\s*(help|info)\s*$/i.test(Body));
}

/** Reads a status callback. @throws Problem invalid */
export function readStatus(form: Form): StatusReport {
  return read(status, form);
}

/** Only what is named here is looked at: Twilio may add any other field. */
function read<T extends z.ZodObject>(schema: T, form: Form): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(Object.keys(schema.shape).map((name) => [name, form.get(name)])));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => ({
    where: issue.path.join('.'),
    what: form.fields.has(String(issue.path[0])) ? 'is not valid' : 'is missing',
  }));
  throw new Problem('invalid', 'The form is not one that Twilio sends', places);
}
