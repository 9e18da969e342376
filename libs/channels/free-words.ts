import type { Channel } from './table.js';

/**
 * Real milliseconds after the customer's last message in which a channel takes free words: WhatsApp's 24 hours (outside of
 * them it takes approved content templates only), less ten minutes that a composed message may still wait for its turn.
 */
export const freeWordsMs = { email: Infinity, sms: Infinity, whatsapp: (24 * 60 - 10) * 60_000 } as const satisfies Readonly<
  Record<Channel, number>
>;

/** Characters that a person may write in one reply. Twilio takes 1,600 in one request. */
export const longestReply: Readonly<Record<Channel, number>> = { email: 10_000, sms: 1_600, whatsapp: 1_600 };
