import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { eventKind, inWords, matches, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { inside } from '../windows.js';

/** How many events there were in the last time: failed payments, tickets, visits to the cancel page, breaches of a service level. */
export const eventCount = featureSource({
  schema: z.strictObject({ events: eventKind, count: duration, where, ...numberShape, ...saidOfAny }),
  history: true,
  sql: (declared, _, writer) => {
    const window = { time: 'e.at', matching: matches(declared, writer), ms: declared.count };
    const value = `(count(*) filter (where ${inside(window, writer)}))::double precision`;
    return { from: 'events', kinds: [declared.events], value, none: '0', windows: [window], reachMs: declared.count };
  },
  words: (declared) => `${inWords(declared)} in ${spoken(declared.count)}`,
});
