import { z } from 'zod';
import { daysSince, longestDaysMs } from '../ages.js';
import { eventKind, inWords, matches, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { at, instant } from '../sql-writer.js';
import { inside } from '../windows.js';

const common = { events: eventKind, where, ...numberShape, ...saidOfAny };

const days = (read: unknown, now: number) => daysSince(typeof read === 'number' ? read : NaN, now);

/** Days since the last event of a kind; not known where there was none in two years. */
export const sinceLast = featureSource({
  schema: z.strictObject({ since_last: z.literal(true), ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const recent = inside({ time: 'e.at', matching: matches(declared, writer), ms: longestDaysMs }, writer);
    return { from: 'events', kinds: [declared.events], value: instant(`max(e.at) filter (where ${recent})`), days, reachMs: longestDaysMs };
  },
  words: (declared) => `days since the last ${inWords(declared)}`,
});

/** Days since the first event of a kind; not known where there was none. */
export const sinceFirst = featureSource({
  schema: z.strictObject({ since_first: z.literal(true), ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const first = `min(e.at) filter (where ${matches(declared, writer)} and e.at <= ${at})`;
    return { from: 'events', kinds: [declared.events], value: instant(first), days };
  },
  words: (declared) => `days since the first ${inWords(declared)}`,
});
