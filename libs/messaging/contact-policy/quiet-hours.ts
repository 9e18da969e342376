import { getCountries } from 'libphonenumber-js';
import { z } from 'zod';
import { regionZone } from '../../platform/time-zones.js';
import { channelKinds, type Channel } from '../../channels/table.js';
import { anyOf, publicHolidays } from './contact-holidays.js';
import type { Calendar, ContactHours, ContactPlace } from './contact-hours.js';
import type { ContactWindow } from '../../channels/contact-window.js';
import { contactWindow } from './contact-window.schema.js';

/** One law: where and for which channels it applies, and when it allows contact. */
export interface QuietRule {
  /** ISO 3166 country, or country and subdivision: `US`, `US-FL`. */
  readonly region: string;
  /** The zones in which it applies; all of the country's if none are named. */
  readonly zones?: readonly string[] | undefined;
  readonly channels: readonly Channel[];
  readonly contact: readonly ContactWindow[];
  /** The region's public holidays are quiet as well. */
  readonly holidays?: 'closed' | undefined;
  readonly source: string;
}

/** The rules about when anybody may be contacted: the company's own hours, and the laws. */
export interface HoursTables {
  readonly companyHours: Readonly<Record<Channel, readonly ContactWindow[]>>;
  readonly companyHolidays: 'open' | 'closed';
  readonly laws: readonly QuietRule[];
}

/** The shape of config/quiet-hours.yaml. */
export const quietHoursFile = z.strictObject({
  version: z.string(),
  rules: z.array(
    z.strictObject({
      region: z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'is not an ISO 3166 code'),
      zones: z
        .array(z.string().refine((zone) => regionZone(zone) !== undefined, 'is not a region and city of an IANA zone'))
        .min(1)
        .optional(),
      channels: z.array(channelKinds.name).min(1),
      contact: z.array(contactWindow).min(1),
      holidays: z.literal('closed').optional(),
      source: z.string().min(1),
    }),
  ),
});

/** The customer's location; null for an unknown part. */
export interface Whereabouts {
  /** IANA zone. */
  readonly timeZone: string | null;
  /** ISO 3166 country. */
  readonly country: string | null;
  /** ISO 3166 subdivision, without the country. */
  readonly subdivision: string | null;
}

/** The hours that were computed for a place, by their tables: many customers live in the same place. */
const remembered = new WeakMap<HoursTables, Map<string, ContactHours | null>>();
const mostRemembered = 20_000;

/**
 * The hours in which a customer may be contacted: the company's own, every law that may apply in every zone that the customer may be in,
 * and the customer's own wishes.
 * @param stated the customer's own windows; null or empty if they stated none
 * @returns null if no zone is known: then nothing may be sent. The same object for the same arguments, so that its remembered results
 *   (contact-hours.ts) are used for the next customer too
 */
export function contactHoursOf(
  whereabouts: Whereabouts,
  channel: Channel,
  tables: HoursTables,
  stated: readonly ContactWindow[] | null = null,
): ContactHours | null {
  const { timeZone, country, subdivision } = whereabouts;
  let byPlace = remembered.get(tables);
  if (byPlace === undefined || byPlace.size > mostRemembered) remembered.set(tables, (byPlace = new Map<string, ContactHours | null>()));
  const key = [channel, timeZone, country, subdivision].join('|');
  let hours = byPlace.get(key);
  if (hours === undefined) byPlace.set(key, (hours = hoursAt(whereabouts, channel, tables)));
  return hours === null || stated === null || stated.length === 0 ? hours : withRule(hours, stated);
}

/** The same hours with one more rule. */
export function withRule(hours: ContactHours, rule: readonly ContactWindow[]): ContactHours {
  return hours.map((place) => ({ ...place, rules: [...place.rules, rule] }));
}

function hoursAt(whereabouts: Whereabouts, channel: Channel, { companyHours, companyHolidays, laws }: HoursTables): ContactHours | null {
  const zones = plausibleZones(whereabouts);
  if (zones.length === 0) return null;
  return zones.map((zone): ContactPlace => {
    const applying = laws.filter((law) => law.channels.includes(channel) && mayApply(law, whereabouts, zone));
    const closed = anyOf([
      ...applying.filter(({ holidays }) => holidays === 'closed').map((law) => holidaysUnder(law, whereabouts)),
      ...(companyHolidays === 'closed' ? holidaysAt(whereabouts, zone) : []),
    ]);
    const rules = [companyHours[channel], ...applying.map((law) => law.contact)];
    return closed === undefined ? { zone, rules } : { zone, rules, closed };
  });
}

/** The holidays of the law's own region; of the customer's subdivision if the law is for a whole country. */
function holidaysUnder({ region }: QuietRule, { country, subdivision }: Whereabouts): Calendar {
  const [lawCountry = '', lawSubdivision] = region.split('-');
  return publicHolidays(lawCountry, lawSubdivision ?? (country === lawCountry ? subdivision : null));
}

/** The holidays of the customer's country; if that is not known, those of every country in the zone. */
function holidaysAt({ country, subdivision }: Whereabouts, zone: string): Calendar[] {
  if (country !== null) return [publicHolidays(country, subdivision)];
  return getCountries()
    .filter((each) => zonesOf(each).includes(zone))
    .map((each) => publicHolidays(each, null));
}

/**
 * The customer's own zone, otherwise all of the country's. A zone that does not exist, or is in no country (`UTC`, `Etc/GMT-3`, `BST`), is
 * ignored: otherwise no law would apply to the customer.
 */
function plausibleZones({ timeZone, country }: Whereabouts): readonly string[] {
  const zone = timeZone === null ? undefined : regionZone(timeZone);
  if (zone !== undefined) return [canonicalZone(zone)];
  return country === null ? [] : zonesOf(country);
}

/** The zone decides, because people move and keep their numbers. A known subdivision excludes the others of its country. */
function mayApply(law: QuietRule, { country, subdivision }: Whereabouts, zone: string): boolean {
  const [lawCountry = '', lawSubdivision] = law.region.split('-');
  const known = subdivision !== null && country === lawCountry;
  if (known && lawSubdivision !== undefined) return lawSubdivision === subdivision;
  return (law.zones?.map(canonicalZone) ?? zonesOf(lawCountry)).includes(zone);
}

const zonesByCountry = new Map<string, readonly string[]>();

/** The zones of a country, from the Unicode locale data that Node carries; none for a code that is not one. */
function zonesOf(country: string): readonly string[] {
  const known = zonesByCountry.get(country);
  if (known !== undefined) return known;
  const zones = /^[A-Z]{2}$/.test(country)
    ? ((new Intl.Locale(`und-${country}`) as LocaleWithZones).getTimeZones() ?? []).map(canonicalZone)
    : [];
  zonesByCountry.set(country, zones);
  return zones;
}

/** ECMA-402's Intl Locale Info, which TypeScript's own library does not describe yet. */
type LocaleWithZones = Intl.Locale & { getTimeZones(): string[] | undefined };

const canonicalZones = new Map<string, string>();

/** `US/Eastern` and `America/New_York` are one zone. */
function canonicalZone(zone: string): string {
  const known = canonicalZones.get(zone);
  if (known !== undefined) return known;
  const canonical = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  canonicalZones.set(zone, canonical);
  return canonical;
}
