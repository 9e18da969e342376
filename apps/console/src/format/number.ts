import { minorDigits, minorPerMajor } from '../../../../libs/platform/currencies.js';

/** Numbers as the reader's locale writes them, with a true minus sign. */
const minus = (text: string): string => text.replace('-', '\u2212');

const whole = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const points = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signedPoints = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const score = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = (value: number): string => whole.format(value);
/** For places too small for the whole number: "12.3K". */
export const shortCount = (value: number): string => (value < 10_000 ? whole.format(value) : compact.format(value));

/** A share 0 to 1 as "83.1%". */
export const percent = (share: number, digits = 1): string =>
  minus(new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share));

/** A difference of shares, -1 to 1, in percentage points: "+8.1", or "8.1" unsigned. */
export const inPoints = (difference: number, signed = false): string =>
  minus((signed ? signedPoints : points).format(Math.round(difference * 1000) / 10 || 0));

export const scoreText = (value: number): string => score.format(value);

/** "0.42", or "below 0.001". */
export const probability = (p: number): string =>
  p < 0.001 ? `below ${new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 }).format(0.001)}` : score.format(p);

/** Minor units as money. Without cents from 100 up, and if there are none, because a page of counts needs no cents. `exact` always shows them. */
export function money(minor: number, currency: string, options: { signed?: boolean; exact?: boolean } = {}): string {
  const digits = minorDigits(currency);
  const great = Math.abs(minor) >= 100 * minorPerMajor(currency);
  const rounded: Intl.NumberFormatOptions = great
    ? { minimumFractionDigits: 0, maximumFractionDigits: 0 }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits, trailingZeroDisplay: 'stripIfInteger' };
  const formatter = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    ...(options.signed === true ? { signDisplay: 'exceptZero' } : {}),
    ...(options.exact === true ? { minimumFractionDigits: digits, maximumFractionDigits: digits } : rounded),
  });
  return minus(formatter.format(minor / minorPerMajor(currency)));
}
