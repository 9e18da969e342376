/** Whether a text is a language tag (BCP 47), as in `en` or `de-AT`. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
