/** The last fallback. */
export const lastLocale = 'en';

/** The file for a customer, and why it was chosen. */
export interface PickedLocale {
  readonly locale: string;
  readonly because: 'exact' | 'language' | 'company' | 'english';
}

/**
 * The customer's own locale, otherwise its language, otherwise the company's own locale, otherwise English.
 * @param there the names of the files, in lower case
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
