/**
 * The currencies of ISO 4217 (list one) by how many digits their minor unit has. Codes without a minor unit are not included: metals, bond
 * units, XDR, XTS, XXX. Intl is not used: it follows CLDR, which shows some with fewer digits than ISO 4217 gives them. Source:
 * https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const byDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
    CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
    PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD
    USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const digitsOf: ReadonlyMap<string, number> = new Map(
  Object.entries(byDigits).flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, Number(digits)] as const)),
);

/** Whether a text is the code of a currency, in upper case. */
export function isCurrency(code: string): boolean {
  return digitsOf.has(code);
}

/** The error for a text that is not a currency code. */
export const notACurrency = 'is not a currency of ISO 4217, written as in EUR';

/** How many digits the minor unit of a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return digitsOf.get(currency) ?? 2;
}

/** How many minor units make one major unit: 100 for EUR, 1 for JPY. */
export function minorPerMajor(currency: string): number {
  return 10 ** minorDigits(currency);
}

/** The same as SQL, of a column that holds a currency. */
export function minorPerMajorSql(column: string): string {
  const others = Object.entries(byDigits).filter(([digits]) => digits !== '2');
  const cases = others.map(
    ([digits, codes]) =>
      `when ${column} in (${codes
        .split(/\s+/)
        .map((code) => `'${code}'`)
        .join(', ')}) then ${10 ** Number(digits)}`,
  );
  return `(case ${cases.join(' ')} else 100 end)`;
}
