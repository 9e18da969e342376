import fc from 'fast-check';
import { dayOf, textLocale } from './text-locale.js';

describe('the locale in which a text writes its dates', () => {
  it.each([
    ['en', 'de-CH', 'en'],
    ['en', 'en-GB', 'en-GB'],
    ['en', 'en_gb', 'en-GB'],
    ['en', '', 'en'],
    ['de', 'de', 'de'],
    ['de', 'de-CH', 'de-CH'],
    ['pt-br', 'pt', 'pt-BR'],
    ['pt-br', 'pt-PT', 'pt-PT'],
    ['sr-latn', 'sr-RS', 'sr-Latn-RS'],
    ['zh', 'zh-Hant-TW', 'zh-TW'],
    ['en', 'en-u-ca-buddhist-nu-thai', 'en'],
    ['no locale!', 'de', 'en'],
  ])('of a text in %s, for a customer of %s, is %s', (text, customer, locale) => {
    expect(textLocale(text, customer)).toBe(locale);
  });

  it('has the language of the text, whatever the customer’s locale is', () => {
    const subtag = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);
    const locales = fc.tuple(subtag(/^[a-z]{2,3}$/), fc.option(subtag(/^[-_][A-Z]{2}$/), { nil: '' })).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom('en', 'de', 'fr', 'es', 'pt-br'), fc.oneof(locales, fc.string()), (text, customer) => {
        expect(new Intl.Locale(textLocale(text, customer)).language).toBe(text.slice(0, 2));
      }),
    );
  });
});

describe('a day', () => {
  const newYear = new Date('2026-12-31T23:30:00Z');

  it.each([
    ['Europe/Berlin', 'en', 'de-DE', 'January 1'],
    ['America/New_York', 'en', 'en-US', 'December 31'],
    ['Mars/Olympus', 'en', 'en-GB', '31 December'],
    [null, 'de', 'de', '31. Dezember'],
  ])('uses the calendar of %s', (zone, text, customer, day) => {
    expect(dayOf(newYear, zone, text, customer)).toBe(day);
  });
});
