import { cleanId } from '../channels/address/clean-text.js';
import { hashAddress } from '../channels/address/hash-address.js';
import { readAddress } from '../channels/address/read-address.js';
import { addressKindOf, channels } from '../channels/table.js';

/** What somebody who looks for a customer wrote, read in each way that it may be meant. */
export interface CustomerSearch {
  /** A customer's number, or its beginning. */
  readonly number: string;
  /** The beginnings of words of the name, as a query of PostgreSQL's text search; null if it holds no word. */
  readonly words: string | null;
  /** The hashes of the address that it is, one for each channel; none if it is no whole address. */
  readonly addressHashes: readonly string[];
}

/** Reads what was written. @param secret what addresses are hashed with */
export function readSearch(text: string, secret: string): CustomerSearch {
  const words = text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
  return {
    number: cleanId(text),
    words: words.length === 0 ? null : words.map((word) => `'${word}':*`).join(' & '),
    addressHashes: channels.flatMap((channel) => {
      const read = readAddress(addressKindOf(channel), text);
      return 'address' in read ? [hashAddress(secret, channel, read.address)] : [];
    }),
  };
}
