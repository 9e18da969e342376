import { isCurrency, minorDigits, minorPerMajor, notACurrency } from './currencies.js';

/** An amount of money: integer minor units (cents) of an ISO 4217 currency. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** The most minor units of one amount: a column can hold it, and a million of them still add up exactly. */
export const mostMinor = 1_000_000_000_000;

const amount = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Minor units of a plain decimal number such as `12.50`, exactly.
 * @returns undefined if it is not a number, has more decimals than the currency, or is too large to store
 */
export function toMinor(decimal: string, currency: string): number | undefined {
  const [, sign, whole, fraction = ''] = amount.exec(decimal) ?? [];
  const digits = minorDigits(currency);
  if (whole === undefined || !/^0*$/.test(fraction.slice(digits))) return undefined;
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  if (minor > mostMinor) return undefined;
  return sign === '-' && minor > 0 ? -minor : minor;
}

const text = /^(\d+(?:\.\d+)?)\s+([A-Z]{3})$/;

/**
 * Reads "20000 EUR" or "12.50 EUR".
 * @returns the amount, or undefined if the text is not one
 */
export function parseMoney(value: string): Money | undefined {
  const [, decimal, currency] = text.exec(value.trim()) ?? [];
  if (decimal === undefined || currency === undefined || !isCurrency(currency)) return undefined;
  const minor = toMinor(decimal, currency);
  return minor === undefined ? undefined : { minor, currency };
}

/** Why a text is not an amount of money, as the end of a sentence. */
export function whyNoMoney(value: string): string {
  const [, decimal, currency] = text.exec(value.trim()) ?? [];
  const example = 'write it as in 20000 EUR';
  if (decimal === undefined || currency === undefined) return `is not an amount of money; ${example}`;
  if (!isCurrency(currency)) return `${currency} ${notACurrency}`;
  const digits = minorDigits(currency);
  if ((decimal.split('.')[1]?.replace(/0+$/, '').length ?? 0) <= digits) return 'is too large an amount';
  return digits === 0 ? `has decimals, and ${currency} has none` : `has more decimals than the ${digits} of ${currency}`;
}

/** "€12.50", in the reader's locale. */
export function formatMoney({ minor, currency }: Money, locale = 'en'): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / minorPerMajor(currency));
}
