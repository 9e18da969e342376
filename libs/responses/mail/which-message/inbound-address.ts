import { isId } from '../../../platform/ids.js';
import type { Tokens } from '../../../platform/tokens.js';

/** An address at which we accept mail: made for one message, or of a role, where reports about any message may arrive. */
export type InboundAddress =
  { readonly purpose: 'reply' | 'bounce'; readonly messageId: string } | { readonly purpose: 'role'; readonly messageId: null };

const purposes = { r: 'reply', b: 'bounce' } as const;
/** RFC 5321 (4.5.1) and RFC 2142 ask for the first two; mailbox providers are given the third for their feedback loops. */
const roles = new Set(['postmaster', 'abuse', 'feedback']);

/**
 * Reads `r+<token>@domain` or `b+<token>@domain`, in upper or lower case, and the addresses of roles.
 * @returns undefined for every other address
 */
export function readInboundAddress(address: string, domain: string, tokens: Tokens): InboundAddress | undefined {
  const [, local = '', host] = /^([^@]{1,200})@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  if (host !== domain.toLowerCase()) return undefined;
  if (roles.has(local)) return { purpose: 'role', messageId: null };
  const [, kind, token = ''] = /^([rb])\+([0-9a-f.-]{1,100})$/.exec(local) ?? [];
  if (kind !== 'r' && kind !== 'b') return undefined;
  const messageId = tokens.read(purposes[kind], token);
  return messageId !== undefined && isId(messageId) ? { purpose: purposes[kind], messageId } : undefined;
}
