/** An amount of money: integer minor units (cents) of an ISO 4217 currency. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

const text = /^(\d+)(?:\.(\d{1,2}))?\s+([A-Z]{3})$/;

/**
 * Reads "20000 EUR" or "12.50 EUR".
 * @returns the amount, or undefined where the text is not one
 */
export function parseMoney(value: string): Money | undefined {
  const match = text.exec(value.trim());
  const [, whole, fraction = '', currency] = match ?? [];
  if (whole === undefined || currency === undefined) return undefined;
  return { minor: Number(whole) * 100 + Number(fraction.padEnd(2, '0')), currency };
}

/** "€12.50", in the reader's locale. */
export function formatMoney(money: Money, locale = 'en'): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: money.currency }).format(money.minor / 100);
}
