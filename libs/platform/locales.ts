/** The most characters that a tag needs in practice: RFC 5646, 4.4.1. */
const longestTag = 35;

/** Whether a text is a language tag (BCP 47), as in `en` or `de-AT`. */
export function isLocale(tag: string): boolean {
  if (tag.length > longestTag) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Why a text is not a language tag, as the end of a sentence. */
export const notALocale = 'is not a language tag such as en or de-AT';
