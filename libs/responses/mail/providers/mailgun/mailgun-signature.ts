import { createHmac, timingSafeEqual } from 'node:crypto';
import { badSignature, expectFresh } from '../inbound-adapter.js';

/** Mailgun tries a webhook again for eight hours, and nothing says that it signs again. A token is remembered for longer. */
const within = 12 * 60 * 60 * 1000;

/** What Mailgun signs: a time stamp (seconds since 1970) and a token, never the body around them. */
export interface MailgunSigned {
  readonly timestamp: string;
  readonly token: string;
  readonly signature: string;
}

/**
 * Lets in what Mailgun has signed by HMAC. As that does not cover the body, its caller sees to it that a token is used once.
 * @param now real milliseconds
 * @throws Problem forbidden
 */
export function expectMailgunSigned(key: string, { timestamp, token, signature }: MailgunSigned, now: number): void {
  // Without delimiters between them, each has to have the form that Mailgun gives it.
  const formed = /^\d{10}$/.test(timestamp) && /^[0-9a-z]{30,100}$/i.test(token) && /^[0-9a-f]{64}$/i.test(signature);
  const right = createHmac('sha256', key)
    .update(timestamp + token)
    .digest();
  if (!formed || !timingSafeEqual(right, Buffer.from(signature, 'hex'))) throw badSignature();
  expectFresh(timestamp, within, now);
}
