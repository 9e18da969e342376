import { z } from 'zod';
import { daysSince, daysSinceChangesAt, longestDaysMs } from '../ages.js';
import { eventKind, inWords, matches, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { at } from '../sql-writer.js';
import { comesIn, window } from '../windows.js';

const common = { events: eventKind, where, ...numberShape, ...saidOfAny };

/** Days since the last event of a kind; not known where there was none in two years. */
export const sinceLast = featureSource({
  schema: z.strictObject({ since_last: z.literal(true), ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const matching = matches(declared, writer);
    const { inside, reachMs } = window('e.at', matching, longestDaysMs, writer);
    const last = `max(e.at) filter (where ${inside})`;
    const changesAt = `least(${daysSinceChangesAt(last)}, ${comesIn('e.at', matching)})`;
    return { from: 'events', kinds: [declared.events], value: daysSince(last), changesAt, reachMs };
  },
  words: (declared) => `days since the last ${inWords(declared)}`,
});

/** Days since the first event of a kind; not known where there was none. */
export const sinceFirst = featureSource({
  schema: z.strictObject({ since_first: z.literal(true), ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const matching = matches(declared, writer);
    const first = `min(e.at) filter (where ${matching} and e.at <= ${at})`;
    const changesAt = `(case when ${first} is null then ${comesIn('e.at', matching)} else ${daysSinceChangesAt(first)} end)`;
    return { from: 'events', kinds: [declared.events], value: daysSince(first), changesAt };
  },
  words: (declared) => `days since the first ${inWords(declared)}`,
});
