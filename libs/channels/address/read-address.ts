import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import type { AddressKind } from '../channel-kind.js';
import { asciiDomain } from './canonical-email.js';
import { canonicalPhone } from './canonical-phone.js';
import { cleanAddress } from './clean-text.js';

/**
 * The result of reading an address: the written form without surrounding text, which messages are sent to; or why it is not an address. The
 * reason never contains the address: a report may be passed on, and an address is personal data.
 */
export type ReadAddress = { readonly address: string } | { readonly whyNot: string };

export interface AddressOptions {
  /** The country of a phone number that is written without one. */
  readonly defaultCountry?: CountryCode | undefined;
}

type Reader = (text: string, options: AddressOptions) => ReadAddress;

const readers: Readonly<Record<AddressKind, Reader>> = { email: readEmail, phone: readPhone };

/**
 * Reads an address as people, spreadsheets and links write it: `Ada <ada@example.com>`, `mailto:ada@example.com`, `'+44 7700 900201`,
 * `tel:00447700900201`. It refuses anything uncertain. Every input uses this reader.
 */
export function readAddress(kind: AddressKind, text: string, options: AddressOptions = {}): ReadAddress {
  return readers[kind](cleanAddress(text), options);
}

const noEmail: ReadAddress = { whyNot: 'is not an e-mail address' };
/** RFC 5322 `dot-atom`: a quoted name before the @ is legal too, but hardly any mail server accepts one. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

function readEmail(text: string): ReadAddress {
  const bare = bareEmail(text);
  if (bare.split('@').length > 2) return { whyNot: 'holds more than one e-mail address' };
  const at = bare.indexOf('@');
  const name = bare.slice(0, at);
  const domain = bare.slice(at + 1).replace(/\.$/, '');
  if (at < 1 || /[\s/:?#\\[\]]/.test(domain)) return noEmail;
  if (/[^\p{ASCII}]/u.test(name)) return { whyNot: 'has a character before the @ that mail servers refuse' };
  const ascii = asciiDomain(domain);
  if (!localPart.test(name) || name.length > 64 || !domainName.test(ascii) || name.length + ascii.length > 253) return noEmail;
  return { address: `${name}@${domain}` };
}

/** Removes a display name, the scheme of a link, brackets and list separators at the end. */
function bareEmail(text: string): string {
  const [, named] = /^[^<>]*<([^<>]*)>[\s;,]*$/.exec(text) ?? [];
  const [, linked] = /^mailto:([^?]*)/i.exec((named ?? text).trim()) ?? [];
  return (linked === undefined ? (named ?? text) : unescaped(linked))
    .trim()
    .replace(/[;,]+$/, '')
    .trim();
}

function unescaped(linked: string): string {
  try {
    return decodeURIComponent(linked);
  } catch {
    return linked;
  }
}

/** The reason for a number that could be a phone number in some country. */
export const noCountry = 'is not a phone number with its country, as in +44 20 7946 0958';
const noPhone: ReadAddress = { whyNot: 'is not a phone number' };

function readPhone(text: string, { defaultCountry }: AddressOptions): ReadAddress {
  const bare = text.replace(/^(tel|sms|callto|whatsapp):(\/\/)?/i, '').trim();
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(bare)) return { whyNot: 'is not a phone number: a spreadsheet has rounded its digits away' };
  if (/\p{Nd}.*(ext|[x#;])\D*\p{Nd}/iu.test(bare)) return { whyNot: 'has an extension; a text message cannot reach it' };
  // A column of numbers that was written as decimals: 447700900201.0
  const digits = bare.replace(/^(\+?\d{7,15})\.0$/, '$1').replace(/\p{Pd}/gu, '-');
  if (!/^\+?[\p{Nd}\s().\-/\u00B7]+$/u.test(digits)) return noPhone;
  const number = parse(digits, defaultCountry) ?? (digits.startsWith('00') ? parse(`+${digits.slice(2)}`) : undefined);
  if (number !== undefined) return { address: number };
  return defaultCountry === undefined && !/^(\+|00)/.test(digits) ? { whyNot: noCountry } : noPhone;
}

/** In E.164 form, with the written digits: an outdated form of a country is kept if it still reaches a line. */
function parse(text: string, defaultCountry?: CountryCode): string | undefined {
  const number = parsePhoneNumberFromString(text, { ...(defaultCountry && { defaultCountry }), extract: false });
  if (number === undefined || number.ext !== undefined) return undefined;
  const line = [number, parsePhoneNumberFromString(canonicalPhone(number.number))];
  return line.some((form) => form?.isPossible() === true) ? number.number : undefined;
}
