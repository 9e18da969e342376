import { randomInt } from 'node:crypto';

/** Digits and capitals without those that are easily confused when read aloud or copied by hand: 0 O, 1 I L, U V. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new voucher code such as `7KQM-2ZWD-PX9A`: three groups of four, 58 bits from the system's secure source, so that nobody can guess a
 * valid one.
 */
export function newVoucherCode(): string {
  const group = (): string => Array.from({ length: 4 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return [group(), group(), group()].join('-');
}
