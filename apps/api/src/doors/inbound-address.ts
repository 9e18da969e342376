import { isId } from '../../../../libs/platform/ids.js';
import type { Tokens } from '../../../../libs/platform/tokens.js';

/** An address that was made for one message. */
export interface InboundAddress {
  readonly purpose: 'reply' | 'bounce';
  readonly messageId: string;
}

const purposes = { r: 'reply', b: 'bounce' } as const;

/**
 * Reads `r+<token>@domain` or `b+<token>@domain`, whatever case a mail system has put it in.
 * @returns undefined for every address that was not made here
 */
export function readInboundAddress(address: string, domain: string, tokens: Tokens): InboundAddress | undefined {
  const [, kind, token = '', host] = /^([rb])\+([0-9a-f.-]{1,100})@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  if (host !== domain.toLowerCase() || (kind !== 'r' && kind !== 'b')) return undefined;
  const messageId = tokens.read(purposes[kind], token);
  return messageId !== undefined && isId(messageId) ? { purpose: purposes[kind], messageId } : undefined;
}
