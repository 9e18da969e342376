import type { DeliveryStatus } from '../contract/channel.js';

/** The meaning of Twilio's message states for the ledger. States that are not listed change nothing. */
export const twilioStatuses: ReadonlyMap<string, DeliveryStatus> = new Map(
  Object.entries({
    accepted: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    sent: 'accepted',
    delivered: 'delivered',
    // WhatsApp only.
    read: 'delivered',
    undelivered: 'bounced',
    failed: 'rejected',
    canceled: 'rejected',
  } as const),
);
