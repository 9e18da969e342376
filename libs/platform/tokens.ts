import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What a token may be used for. A token made for one purpose is not valid for another. */
export type TokenPurpose = 'accept' | 'unsubscribe' | 'reply' | 'bounce' | 'preferences' | 'session' | 'click';

/** Signs short values into tokens that fit a link or the local part of an address, and reads them back. */
export interface Tokens {
  /** `value` and its signature, `value.mac`, in characters that are safe in URLs and mail addresses. */
  sign(purpose: TokenPurpose, value: string): string;
  /** The value, or undefined if the token was not signed here for this purpose. */
  read(purpose: TokenPurpose, token: string): string | undefined;
}

/** Hexadecimal digits, 96 bits: `r+<uuid>.<mac>` then is 63 octets, and a local part may have 64 (RFC 5321, 4.5.3.1.1). */
const macLength = 24;

/** Tokens are keyed by purpose, derived from the one secret (HKDF, RFC 5869). Mail systems may change case, so hex. */
export function createTokens(secret: string): Tokens {
  const keys = new Map<TokenPurpose, KeyObject>();
  const keyOf = (purpose: TokenPurpose): KeyObject => {
    const key = keys.get(purpose) ?? createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `perennial token ${purpose}`, 32)));
    keys.set(purpose, key);
    return key;
  };
  const mac = (purpose: TokenPurpose, value: string): string =>
    createHmac('sha256', keyOf(purpose)).update(value).digest('hex').slice(0, macLength);
  return {
    sign: (purpose, value) => `${value}.${mac(purpose, value)}`,
    read: (purpose, token) => {
      const dot = token.lastIndexOf('.');
      const value = token.slice(0, dot);
      const given = Buffer.from(token.slice(dot + 1).toLowerCase());
      const right = Buffer.from(mac(purpose, value));
      return dot > 0 && given.length === right.length && timingSafeEqual(given, right) ? value : undefined;
    },
  };
}
