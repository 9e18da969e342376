import type { Gateway } from '../channel-kind.js';

const name = 'twilio';

/** Twilio, for a channel that it carries. @param prefix what it writes before a number of the channel */
export const twilioGateway = (prefix: string): Gateway => ({ name, prefix });

/** What Twilio writes before a number of a channel with this gateway; undefined if it carries none. */
export const twilioPrefixOf = (gateway: Gateway | undefined): string | undefined => (gateway?.name === name ? gateway.prefix : undefined);
