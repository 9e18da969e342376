/**
 * Real milliseconds after the customer's last message in which WhatsApp takes free words: 24 hours, outside of which it takes
 * approved content templates only, less ten minutes that a composed message may still wait for its turn.
 */
export const conversationMs = (24 * 60 - 10) * 60_000;
