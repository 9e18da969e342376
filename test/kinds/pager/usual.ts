import type { UsualLimits } from '../../../libs/channels/channel-kind.js';

const rate = { share: 0.05, atLeast: 100, fewest: 5 };

/** The defaults for pages, if the company's files have no entry. */
export const usual: UsualLimits = {
  errors: { codes: { '404': 'dead-address', '429': 'slow-down' }, otherwise: 'refused' },
  limits: {
    breaker: { failuresInARow: 10, share: 0.5, of: 100, waitMs: 5_000, longestWaitMs: 300_000, probes: 2, probeEveryMs: 5_000 },
    slowDown: { waitMs: 1_000, longestWaitMs: 60_000, alertAfterMs: 60_000 },
    last: 1_000,
    bounces: rate,
    complaints: rate,
  },
  contactHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 9 * 60, to: 20 * 60 }],
};
