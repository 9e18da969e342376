import { regionZone } from '../../platform/time-zones.js';
import { lastLocale } from './template-locale.js';

/**
 * The locale in which a text writes its dates, numbers and money: always the text's own language and script, so that no English text says
 * "7. Dezember". If the customer speaks that language, their region decides the format: an English text says "7 December" to `en-GB` and
 * "December 7" to `en-US`.
 * @param text the language of the text, as its file is named
 * @param customer the customer's own locale, which may be any text
 */
export function textLocale(text: string, customer: string): string {
  const spoken = readLocale(text) ?? new Intl.Locale(lastLocale);
  const own = readLocale(customer);
  const region = own?.language === spoken.language ? own.region : undefined;
  return (region === undefined ? spoken : new Intl.Locale(spoken.baseName, { region })).baseName;
}

/** `de_CH` is read as `de-CH`. Undefined if it is not a locale. */
function readLocale(locale: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(locale.replaceAll('_', '-'));
  } catch {
    return undefined;
  }
}

/** Making a formatter takes a hundred times as long as using it. There are at most as many as locales times zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * "5 March", by the customer's calendar and in the language of the text.
 * @param zone the customer's; UTC if none is known
 * @param text see `textLocale`
 */
export function dayOf(instant: Date, zone: string | null, text: string, customer: string): string {
  const id = `${text} ${customer} ${zone ?? ''}`;
  let formatter = formatters.get(id);
  if (formatter === undefined) {
    const timeZone = (zone === null ? undefined : regionZone(zone)) ?? 'UTC';
    formatter = new Intl.DateTimeFormat(textLocale(text, customer), { timeZone, day: 'numeric', month: 'long' });
    if (formatters.size < 5_000) formatters.set(id, formatter);
  }
  return formatter.format(instant);
}
