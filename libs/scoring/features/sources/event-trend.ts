import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { eventKind, inWords, matches, numberIn, plain, property, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { inside, type Window } from '../windows.js';

const schema = z
  .strictObject({
    events: eventKind,
    /** A property to add up, or `true` for how many events there were. */
    trend: z.union([z.literal(true), property]),
    within: duration,
    of: duration,
    where,
    ...numberShape,
    ...saidOfAny,
  })
  .refine(({ within, of }) => within < of, { path: ['of'], message: 'must be longer than within, which it is compared with' });

/**
 * How a customer's last time compares with their own past: the rate within a short window over the rate in a long one that holds
 * it. 1 is as always, 0 is silence; not known where the long one is empty.
 */
export const eventTrend = featureSource({
  schema,
  history: true,
  sql: (declared, _, writer) => {
    const matching = matches(declared, writer);
    const amount = declared.trend === true ? 'count(*)' : `sum(${numberIn(declared.trend, writer)})`;
    const total = (window: Window): string => plain(`(${amount} filter (where ${inside(window, writer)}))`);
    const short = { time: 'e.at', matching, ms: declared.within };
    const long = { ...short, ms: declared.of };
    const longer = `${String(declared.of)}::double precision / ${String(declared.within)}`;
    return {
      from: 'events',
      kinds: [declared.events],
      value: `(coalesce(${total(short)}, 0) / nullif(${total(long)}, 0) * (${longer}))`,
      windows: [short, long],
      reachMs: declared.of,
    };
  },
  words: (declared) => {
    const what = declared.trend === true ? inWords(declared) : `${declared.trend.replaceAll('_', ' ')} of ${inWords(declared)}`;
    return `${what} in ${spoken(declared.within)} compared with ${spoken(declared.of)}`;
  },
});
