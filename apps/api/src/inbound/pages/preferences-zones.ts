import { regionZones } from '../../../../../libs/platform/time-zones.js';

/** The most frequent zones of the speakers of a language: they come first, because the whole list is long. */
const oftenChosen: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Europe/London',
    'Europe/Dublin',
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Los_Angeles',
    'Australia/Sydney',
  ],
  de: ['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich'],
  fr: ['Europe/Paris', 'Europe/Brussels', 'Europe/Zurich', 'America/Toronto', 'Indian/Reunion'],
  es: ['Europe/Madrid', 'Atlantic/Canary', 'America/Mexico_City', 'America/Bogota', 'America/Argentina/Buenos_Aires'],
};

/** Every zone, grouped by the region at the beginning of its name. */
const byRegion: ReadonlyMap<string, readonly string[]> = Map.groupBy(regionZones, (zone) => zone.slice(0, zone.indexOf('/')));

export interface ZoneChoices {
  readonly often: readonly string[];
  /** Without the zones in `often`. */
  readonly byRegion: ReadonlyMap<string, readonly string[]>;
}

/** @param present the customer's own zone, which always comes first, even under an old name */
export function zoneChoices(language: string, present: string | null): ZoneChoices {
  const often = [...new Set([...(present === null ? [] : [present]), ...(oftenChosen[language] ?? [])])];
  const others = [...byRegion].map(([region, zones]) => [region, zones.filter((zone) => !often.includes(zone))] as const);
  return { often, byRegion: new Map(others) };
}

/** `Argentina, Buenos Aires` for `America/Argentina/Buenos_Aires`. */
export function placeName(zone: string): string {
  return zone
    .slice(zone.indexOf('/') + 1)
    .replaceAll('_', ' ')
    .replaceAll('/', ', ');
}
