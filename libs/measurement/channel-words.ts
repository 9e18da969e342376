import type { Channel } from '../channels/table.js';

/** What the channels are called in a sentence. */
export const channelWords: Readonly<Record<Channel, string>> = { email: 'e-mail', sms: 'SMS', whatsapp: 'WhatsApp' };
