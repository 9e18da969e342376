import { isId } from '../../../platform/ids.js';
import type { Tokens } from '../../../platform/tokens.js';
import { readInboundAddress } from './inbound-address.js';
import type { Fields } from '../../../platform/mail-fields.js';

/** The clues in a report about its message, the most certain first. */
export interface Clues {
  /** Addresses that may have been made for it: the recipient of the report, and the return path of the reported mail. */
  readonly addresses: readonly (string | undefined)[];
  /** The returned headers of that mail. */
  readonly headers: Fields | undefined;
  /** Other returned parts, headers in a text or the whole mail, with anything of ours in it. */
  readonly traces?: string | undefined;
}

/**
 * The clues in a provider's event.
 * @param messageId with or without its brackets
 * @param sender of the envelope
 */
export function cluesOfMessageId(messageId = '', sender?: string): Clues {
  return { addresses: [sender], headers: new Map([['message-id', `<${messageId.replace(/^<|>$/g, '')}>`]]) };
}

/**
 * The message that a report is about: by an address that was made for it, by the links in its List-Unsubscribe, or by its Message-ID, which
 * is its id at our domain. Ids cannot be guessed.
 * @returns undefined if there is no clue
 */
export function findReported({ addresses, headers, traces = '' }: Clues, domain: string, tokens: Tokens): string | undefined {
  const ways = [
    ...[...addresses, headers?.get('return-path'), ...mailtos(headers)].map((address) => messageOf(address, domain, tokens)),
    ...links(headers).map((token) => tokens.read('unsubscribe', token)),
    ownId(headers?.get('message-id'), domain),
    ...tracedAddresses(traces).map((address) => messageOf(address, domain, tokens)),
    ...tracedLinks(traces).map((token) => tokens.read('unsubscribe', token)),
    ...tracedIds(traces).map((id) => ownId(id, domain)),
  ];
  return ways.find((id) => id !== undefined && isId(id));
}

function messageOf(address: string | undefined, domain: string, tokens: Tokens): string | undefined {
  return address === undefined ? undefined : (readInboundAddress(address.replace(/[<>\s]/g, ''), domain, tokens)?.messageId ?? undefined);
}

function links(headers: Fields | undefined): string[] {
  return [...(headers?.get('list-unsubscribe') ?? '').matchAll(/\/u\/([0-9a-zA-Z.-]{1,100})(?=[>?,\s]|$)/g)].map(([, token = '']) => token);
}

function mailtos(headers: Fields | undefined): string[] {
  return [...(headers?.get('list-unsubscribe') ?? '').matchAll(/mailto:([^?>,\s]{1,300})/gi)].map(([, address = '']) => address);
}

/** The most clues of each kind that are checked: one of our mails names itself a few times. */
const mostTraces = 20;

function tracedAddresses(text: string): string[] {
  return text.match(/\b[rb]\+[0-9a-f.-]{1,100}@[\w.-]{1,250}/gi)?.slice(0, mostTraces) ?? [];
}

function tracedLinks(text: string): string[] {
  return [...text.matchAll(/\/u\/([0-9a-zA-Z.-]{1,100})(?=["'>?,\s]|$)/g)].slice(0, mostTraces).map(([, token = '']) => token);
}

function tracedIds(text: string): string[] {
  return text.match(/<[0-9a-f-]{36}@[\w.-]{1,250}>/gi)?.slice(0, mostTraces) ?? [];
}

function ownId(header: string | undefined, domain: string): string | undefined {
  const [, id, host] = /^<([0-9a-f-]{36})@([^>]+)>/i.exec(header ?? '') ?? [];
  return host?.toLowerCase() === domain.toLowerCase() ? id?.toLowerCase() : undefined;
}
