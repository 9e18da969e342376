import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { AddressKind } from '../channel-kind.js';
import { addressKindOf, channels, type Channel } from '../table.js';
import { canonicalEmail } from './canonical-email.js';
import { canonicalPhone } from './canonical-phone.js';
import { cleanAddress } from './clean-text.js';

const canonical: Readonly<Record<AddressKind, (address: string) => string>> = { email: canonicalEmail, phone: canonicalPhone };

/** The form in which addresses are compared: one for each inbox and each line, for every way to write it. */
export function canonicalAddress(kind: AddressKind, address: string): string {
  return canonical[kind](cleanAddress(address));
}

const keys = new Map<string, KeyObject>();

function keyOf(secret: string): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'perennial address', 32)));
  keys.set(secret, key);
  return key;
}

/**
 * A keyed hash of an address in its canonical form: consents, suppressions, answers and erasures are found by it. Addresses are never
 * compared in another way.
 */
export function hashAddress(secret: string, channel: Channel, address: string): string {
  return createHmac('sha256', keyOf(secret))
    .update(`${channel}:${canonicalAddress(addressKindOf(channel), address)}`)
    .digest('hex');
}

/** The hashes of a telephone for each channel that reaches it: every hash is made for one channel. */
export function phoneLine(secret: string, number: string): { readonly channel: Channel; readonly addressHash: string }[] {
  return channels
    .filter((channel) => addressKindOf(channel) === 'phone')
    .map((channel) => ({ channel, addressHash: hashAddress(secret, channel, number) }));
}
