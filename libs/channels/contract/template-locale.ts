/** The locale that every company can read in the end. */
export const lastLocale = 'en';

/** Which file speaks to a customer, and why that one. */
export interface PickedLocale {
  readonly locale: string;
  readonly because: 'exact' | 'language' | 'company' | 'english';
}

/**
 * The customer's own locale, else its language, else the company's own locale, else English.
 * @param there names of the files, in lower case
 * @param company the company's own locale
 */
export function pickLocale(there: readonly string[], wanted: string, company: string = lastLocale): PickedLocale | undefined {
  const own = normal(wanted);
  const companys = normal(company);
  const chain: readonly PickedLocale[] = [
    { locale: own, because: 'exact' },
    { locale: languageOf(own), because: 'language' },
    { locale: companys, because: 'company' },
    { locale: languageOf(companys), because: 'company' },
    { locale: lastLocale, because: 'english' },
  ];
  return chain.find(({ locale }) => there.includes(locale));
}

function normal(locale: string): string {
  return locale.toLowerCase().replaceAll('_', '-');
}

function languageOf(locale: string): string {
  return locale.split('-', 1)[0] ?? '';
}
