import { addressKindOf, channelKinds, channels, type Channel } from '../channels/table.js';
import { readWords } from './reply-text.js';

/** The channels that the words of an answer name: a text and a WhatsApp message reach the same telephone, so either word names both. */
export function namedChannels(text: string): readonly Channel[] {
  const words = new Set(readWords(text.replace(/\be-(?=mail|post)/gi, 'e')).map((word) => word.text));
  const kinds = new Set(
    channelKinds.entries.filter(([, { named }]) => named.some((name) => words.has(name))).map(([, { address }]) => address),
  );
  return channels.filter((channel) => kinds.has(addressKindOf(channel)));
}
