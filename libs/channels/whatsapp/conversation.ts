/**
 * Real milliseconds after the customer's last message in which WhatsApp accepts free text: 24 hours, less ten minutes that a composed
 * message may still wait. Outside of them it accepts only approved content templates.
 */
export const conversationMs = (24 * 60 - 10) * 60_000;
