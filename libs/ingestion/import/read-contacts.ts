import { isSupportedCountry, type CountryCode } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import { aheadOfNow, isAhead, whyNoInstant } from '../../platform/instants.js';
import { cleanText } from '../../channels/address/clean-text.js';
import { noCountry, readAddress } from '../../channels/address/read-address.js';
import { addressKindOf, type Channel } from '../../channels/table.js';
import { pointField, type ConsentCell, type ContactPoints, type ImportMapping, type PointCell } from './mapping.js';
import { toIsoDate, type DateFormat } from './date-format.js';
import { meaningOf, readText, Unreadable } from './read-cell.js';

/** An address as it is stored: an e-mail address or an E.164 phone number. */
export interface ImportedAddress {
  readonly channel: Channel;
  readonly address: string;
}

/** What the file says about marketing on a channel. */
export interface ImportedConsent {
  readonly channel: Channel;
  readonly granted: boolean;
  /** When it was given; null if the file does not say. */
  readonly at: Date | null;
}

/** A row's cells by column. */
type Cells = Readonly<Record<string, string>>;

/** Where the address of a channel stands and how it is read (`read` throws Unreadable); undefined if the file has none. */
export function addressReader(
  channel: Channel,
  points: ContactPoints,
): { readonly column: string; readonly read: (text: string, cells: Cells) => string } | undefined {
  const cell: PointCell | undefined = points[pointField(channel)];
  return cell && { column: cell.column, read: (text, cells) => readPoint(channel, text, cell, cells) };
}

function readPoint(channel: Channel, text: string, cell: PointCell, cells: Cells): string {
  const country = countryOf(cell, cells);
  const read = readAddress(addressKindOf(channel), text, { defaultCountry: country === 'unknown' ? undefined : country });
  if ('whyNot' in read) throw new Unreadable(`${read.whyNot}${read.whyNot === noCountry ? adviceFor(cell, country) : ''}`);
  return read.address;
}

/** The country of a number that is written without it; `unknown` if its cell is no country: any other would be a guess. */
function countryOf({ country, default_country: otherwise }: PointCell, cells: Cells): CountryCode | 'unknown' | undefined {
  const text = country === undefined ? '' : cleanText(readText(cells[country.column] ?? ''));
  if (country === undefined || text === '') return otherwise;
  const code = text.toUpperCase();
  const meant = Object.entries(country.values ?? {}).find(([word]) => word.toUpperCase() === code)?.[1];
  return meant ?? (isSupportedCountry(code) ? code : 'unknown');
}

function adviceFor({ country }: PointCell, found: CountryCode | 'unknown' | undefined): string {
  if (found === 'unknown' && country !== undefined)
    return `, and ${country.column} has no ISO 3166 country code such as GB; write what its words mean: country: { column: ${country.column}, values: { England: GB } }`;
  return '; if all are from one country, write default_country: GB, or another, in the mapping; if a column has it, country: { column: … }';
}

/**
 * Whether a cell grants consent or withdraws it; undefined if it is empty and says neither.
 * @throws Unreadable
 */
export function readGranted(cell: ConsentCell, raw: string): boolean | undefined {
  const text = cleanText(readText(raw));
  const meaning = text === '' ? cell.blank : meaningOf(text, cell.values);
  return meaning && meaning === 'granted';
}

/**
 * The instant at which consent was given; null if its cell is empty. A date alone is the beginning of that day, so that other events of
 * that day count as later.
 * @throws Unreadable
 */
export function readInstant(raw: string, zone: string, dates?: DateFormat): Date | null {
  const text = raw.trim();
  if (text === '') return null;
  const instant = DateTime.fromISO(toIsoDate(text, dates, 'an instant such as 2026-01-31 or 2026-01-31T14:30:00Z'), { zone });
  if (!instant.isValid) throw new Unreadable('is not an instant such as 2026-01-31 or 2026-01-31T14:30:00Z');
  const at = instant.toJSDate();
  const why = whyNoInstant(at);
  if (why !== undefined) throw new Unreadable(why);
  return at;
}

/**
 * Consent that is dated in the future would win over everything that the customer says until then, so its row is refused. A withdrawal
 * counts from now on.
 * @returns why, or undefined if nothing is dated after `now`
 */
export function whyNotYet({ consents: cells }: ImportMapping, consents: readonly ImportedConsent[], now: Date): string | undefined {
  const early = consents.find(({ granted, at }) => granted && at !== null && isAhead(at, now));
  return early && `${cells?.[early.channel]?.given_at?.column ?? early.channel}: ${aheadOfNow}`;
}
