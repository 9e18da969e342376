import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { addressKinds, type AddressKind, type Channel } from '../contact-point.entity.js';
import { pointFields, type ConsentCell, type ContactPoints, type ImportMapping, type PointCell } from './mapping.js';
import { toIsoDate, type DateFormat } from './date-format.js';
import { meaningOf, Unreadable } from './read-cell.js';

/** An address as it is stored: an e-mail address or an E.164 phone number. */
export interface ImportedAddress {
  readonly channel: Channel;
  readonly address: string;
}

/** What the file says about marketing on a channel. */
export interface ImportedConsent {
  readonly channel: Channel;
  readonly granted: boolean;
  /** When it was given; null where the file does not say. */
  readonly at: Date | null;
}

/** What an address of each kind must be; as strict as the api is with an address. */
const addressReaders: Readonly<Record<AddressKind, (text: string, cell: PointCell) => string>> = { email: readEmail, phone: readPhone };

/** Where the address of a channel stands and how it is read (`read` throws Unreadable); undefined where the file has none. */
export function addressReader(
  channel: Channel,
  points: ContactPoints,
): { readonly column: string; readonly read: (text: string) => string } | undefined {
  const cell: PointCell | undefined = points[pointFields[channel]];
  return cell && { column: cell.column, read: (text) => addressReaders[addressKinds[channel]](text, cell) };
}

const emailAddress = z.email().max(254);

// What is wrong is told without the address: a report may be passed on, and an address is personal data.
function readEmail(text: string): string {
  const parsed = emailAddress.safeParse(text);
  if (!parsed.success) throw new Unreadable('is not an e-mail address');
  return parsed.data;
}

function readPhone(text: string, { default_country: defaultCountry }: PointCell): string {
  const number = parsePhoneNumberFromString(text, { ...(defaultCountry && { defaultCountry }), extract: false });
  if (number?.isPossible() !== true) {
    throw new Unreadable(
      defaultCountry === undefined && !text.startsWith('+')
        ? 'is not a phone number with its country, as in +44 20 7946 0958'
        : 'is not a phone number',
    );
  }
  if (number.ext !== undefined) throw new Unreadable('has an extension, which no text can reach');
  return number.number;
}

/**
 * Whether a cell grants consent or withdraws it; undefined where it is empty and says neither.
 * @throws Unreadable
 */
export function readGranted(cell: ConsentCell, raw: string): boolean | undefined {
  const text = raw.trim();
  const meaning = text === '' ? cell.blank : meaningOf(text, cell.values);
  return meaning && meaning === 'granted';
}

/**
 * The instant at which consent was given; null where its cell is empty. A date alone is the beginning of that day, so that
 * what else was said on that day counts as later.
 * @throws Unreadable
 */
export function readInstant(raw: string, zone: string, dates?: DateFormat): Date | null {
  const text = raw.trim();
  if (text === '') return null;
  const instant = DateTime.fromISO(toIsoDate(text, dates, 'an instant such as 2026-01-31 or 2026-01-31T14:30:00Z'), { zone });
  if (!instant.isValid) throw new Unreadable('is not an instant such as 2026-01-31 or 2026-01-31T14:30:00Z');
  return instant.toJSDate();
}

/**
 * Consent from the future would outlive whatever the customer says until then, so its row is refused.
 * @returns why, or undefined where all of it was given by `now`
 */
export function whyNotYet({ consents: cells }: ImportMapping, consents: readonly ImportedConsent[], now: Date): string | undefined {
  const early = consents.find(({ at }) => at !== null && at > now);
  return early && `${cells?.[early.channel]?.given_at?.column ?? early.channel}: lies in the future`;
}
