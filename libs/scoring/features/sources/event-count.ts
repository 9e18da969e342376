import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { eventKind, inWords, matches, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { window } from '../windows.js';

/** How many events there were in the last time: failed payments, tickets, visits to the cancel page, breaches of a service level. */
export const eventCount = featureSource({
  schema: z.strictObject({ events: eventKind, count: duration, where, ...numberShape, ...saidOfAny }),
  history: true,
  sql: (declared, _, writer) => {
    const { inside, changesAt, reachMs } = window('e.at', matches(declared, writer), declared.count, writer);
    const value = `(count(*) filter (where ${inside}))::double precision`;
    return { from: 'events', kinds: [declared.events], value, none: '0', changesAt, reachMs };
  },
  words: (declared) => `${inWords(declared)} in ${spoken(declared.count)}`,
});
