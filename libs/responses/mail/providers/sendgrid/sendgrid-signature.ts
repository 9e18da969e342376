import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { badSignature, expectFresh, type HookCall } from '../inbound-adapter.js';

/**
 * SendGrid tries a webhook again for up to three days, and nothing says that it signs again. What is replayed within them
 * has been done already: mails and events are known by their ids.
 */
const within = 3 * 24 * 60 * 60 * 1000;

/**
 * Makes the check that lets in what SendGrid has signed: by ECDSA, over a time stamp and the raw body.
 * @param publicKey base64 of a SubjectPublicKeyInfo, as SendGrid shows it, or PEM
 * @param setting whose value it is
 * @param now real milliseconds
 * @throws if that is no such key
 */
export function createSendgridVerifier(publicKey: string, setting: string, now: () => number): (call: HookCall) => void {
  const key = readKey(publicKey);
  if (key.asymmetricKeyType !== 'ec') throw new Error(`${setting} is not a public key for ECDSA`);
  return ({ body, headers }) => {
    const signedAt = headers['x-twilio-email-event-webhook-timestamp'] ?? '';
    const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64');
    const signed = Buffer.concat([Buffer.from(signedAt), body]);
    if (signature.length === 0 || !verify('sha256', signed, key, signature)) throw badSignature();
    expectFresh(signedAt, within, now());
  };
}

function readKey(text: string): KeyObject {
  const pem = text.includes('-----BEGIN');
  return pem ? createPublicKey(text) : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
}
