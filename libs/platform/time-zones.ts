/*
 * A time zone is where somebody lives: a region and city of the IANA database. An abbreviation means different places to different readers
 * (`BST` is London's summer time to people, and Dhaka in Unicode's data). An offset belongs to no country, so no country's law would apply.
 * Results are remembered, because each question to Intl makes a formatter of 30 KB.
 */

/** What the names of regions begin with; the last five are older names of zones in one country each. */
const areas = 'Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Canada|Mexico|Brazil|Chile';
const regionName = new RegExp(`^(${areas})/[A-Za-z0-9_+-]{2,30}(/[A-Za-z0-9_+-]{2,30})?$`, 'i');

/** Names that IANA has replaced and that Unicode's data, which Node uses, still has. */
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Every zone that is a region and city, by its IANA name. */
export const regionZones: readonly string[] = Intl.supportedValuesOf('timeZone')
  .filter((zone) => regionName.test(zone))
  .map((zone) => renamed[zone] ?? zone)
  .sort();

const known = new Map(regionZones.map((zone) => [zone.toLowerCase(), zone]));

/** The IANA name of a zone that is a region and city, whatever older name or case it was written in; undefined for any other text. */
export function regionZone(text: string): string | undefined {
  const key = text.toLowerCase();
  const found = known.get(key);
  if (found !== undefined || !regionName.test(text)) return found;
  const resolved = resolve(text);
  const zone = resolved === undefined ? undefined : known.get((renamed[resolved] ?? resolved).toLowerCase());
  // As many as there are names in the database: texts that are not zones are not remembered.
  if (zone !== undefined) known.set(key, zone);
  return zone;
}

/** Makes a formatter and discards it: only for names that are not known yet. */
function resolve(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

export type ReadZone = { readonly zone: string } | { readonly whyNot: string };

/** Reads the zone that somebody lives in, or explains why the text is not a zone and which zone may be meant. */
export function readZone(text: string): ReadZone {
  const zone = regionZone(text.trim());
  if (zone !== undefined) return { zone };
  const meant = suggestion(text.trim());
  const advice = meant === undefined ? 'write one as in Europe/Berlin' : `if that is where they live, write ${meant}`;
  return { whyNot: `is not the region and city of an IANA time zone: ${advice}` };
}

/** What an abbreviation most often means, and the countries' own names of zones. */
const abbreviations: Readonly<Record<string, string>> = {
  ...{ BST: 'Europe/London', GMT: 'Europe/London', WET: 'Europe/Lisbon', WEST: 'Europe/Lisbon', IST: 'Asia/Kolkata' },
  ...{ CET: 'Europe/Berlin', CEST: 'Europe/Berlin', MEZ: 'Europe/Berlin', MESZ: 'Europe/Berlin', MET: 'Europe/Berlin' },
  ...{ EET: 'Europe/Athens', EEST: 'Europe/Athens', MSK: 'Europe/Moscow', JST: 'Asia/Tokyo', KST: 'Asia/Seoul', HKT: 'Asia/Hong_Kong' },
  ...{ EST: 'America/New_York', EDT: 'America/New_York', EST5EDT: 'America/New_York', ET: 'America/New_York' },
  ...{ CST: 'America/Chicago', CDT: 'America/Chicago', CST6CDT: 'America/Chicago', MST: 'America/Denver', MDT: 'America/Denver' },
  ...{ MST7MDT: 'America/Denver', PST: 'America/Los_Angeles', PDT: 'America/Los_Angeles', PST8PDT: 'America/Los_Angeles' },
  ...{ AKST: 'America/Anchorage', HST: 'Pacific/Honolulu', AEST: 'Australia/Sydney', AEDT: 'Australia/Sydney', ACST: 'Australia/Darwin' },
  ...{ AWST: 'Australia/Perth', NZST: 'Pacific/Auckland', NZDT: 'Pacific/Auckland', BRT: 'America/Sao_Paulo', SAST: 'Africa/Johannesburg' },
  ...{ GB: 'Europe/London', NZ: 'Pacific/Auckland', SINGAPORE: 'Asia/Singapore', JAPAN: 'Asia/Tokyo', TURKEY: 'Europe/Istanbul' },
  ...{ POLAND: 'Europe/Warsaw', PORTUGAL: 'Europe/Lisbon', EIRE: 'Europe/Dublin', ICELAND: 'Atlantic/Reykjavik', ISRAEL: 'Asia/Jerusalem' },
};

const city = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).toLowerCase();

/** The zone of an abbreviation or of a city: `Berlin`, `Europe/New York`. */
function suggestion(text: string): string | undefined {
  const named = city(text.replaceAll(' ', '_'));
  return abbreviations[text.toUpperCase()] ?? regionZones.find((zone) => city(zone) === named);
}
