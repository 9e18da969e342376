import { isCurrency, minorDigits, minorPerMajorSql } from './currencies.js';
import { formatMoney, parseMoney, toMinor } from './money.js';

describe('currencies as ISO 4217 divides them', () => {
  it.each([
    ['1200 JPY', 1_200, '¥1,200'],
    ['1.234 KWD', 1_234, 'KWD 1.234'],
    ['2.5 BHD', 2_500, 'BHD 2.500'],
    ['0.0005 CLF', 5, 'CLF 0.0005'],
    ['39.90 EUR', 3_990, '€39.90'],
    ['20000 EUR', 2_000_000, '€20,000.00'],
    // CLDR shows all of these with other digits than ISO 4217 has.
    ['12.50 LAK', 1_250, 'LAK 12.50'],
    ['3.125 IQD', 3_125, 'IQD 3.125'],
    ['500 XAF', 500, 'FCFA 500'],
  ])('%s is %d minor units, and is written %s', (text, minor, shown) => {
    const amount = parseMoney(text);
    expect(amount).toEqual({ minor, currency: text.slice(-3) });
    expect(formatMoney(amount ?? { minor: 0, currency: 'EUR' }).replace(/\u00a0/g, ' ')).toBe(shown);
  });

  it.each(['1200.50 JPY', '1.2345 KWD', '1.234 EUR', '1.00001 CLF'])('%s has more decimals than its currency', (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  it.each(['10 XXX', '10 EURO', '10 eur', '10 XAU', '10 XTS', '10 ABC', '10 Eur', '-5 EUR', '1e3 EUR', '10 toString', 'EUR 10'])(
    '%s is not an amount',
    (text) => {
      expect(parseMoney(text)).toBeUndefined();
    },
  );

  it.each(['99999999999999999999 EUR', '10000000000000 EUR'])('%s is larger than a column can hold', (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  it('knows how many decimals each has, and which codes are not currencies', () => {
    expect(['JPY', 'KRW', 'EUR', 'TND', 'UYW'].map(minorDigits)).toEqual([0, 0, 2, 3, 4]);
    expect(['XXX', 'EURO', 'eur', '', 'constructor', '__proto__'].some(isCurrency)).toBe(false);
  });

  it('never rounds away a digit of the text', () => {
    expect(toMinor('1.005', 'EUR')).toBeUndefined();
    expect(toMinor('0.29', 'EUR')).toBe(29);
    expect(toMinor('1.10', 'JPY')).toBeUndefined();
    expect(toMinor('1.00', 'JPY')).toBe(1);
    expect(toMinor('-1.15', 'EUR')).toBe(-115);
    expect(toMinor('4503599627370.49', 'EUR')).toBeUndefined();
  });

  it('gives the same result in SQL', () => {
    expect(minorPerMajorSql('c.currency')).toMatch(/^\(case when c\.currency in \('.*JPY.*'\) then 1 when .* else 100 end\)$/);
  });
});
