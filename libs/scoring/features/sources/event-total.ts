import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { eventKind, inWords, matches, numberIn, plain, property, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { inside } from '../windows.js';

const common = { events: eventKind, within: duration, where, ...numberShape, ...saidOfAny };

/** The sum of a number that events carry, over the last time: what was paid, the minutes used. */
export const eventSum = featureSource({
  schema: z.strictObject({ sum: property, ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const window = { time: 'e.at', matching: matches(declared, writer), ms: declared.within };
    const value = plain(`coalesce(sum(${numberIn(declared.sum, writer)}) filter (where ${inside(window, writer)}), 0)`);
    return { from: 'events', kinds: [declared.events], value, none: '0', windows: [window], reachMs: declared.within };
  },
  words: (declared) => `${declared.sum.replaceAll('_', ' ')} of ${inWords(declared)} in ${spoken(declared.within)}`,
});

/** Its mean; not known where there was no such event. */
export const eventMean = featureSource({
  schema: z.strictObject({ mean: property, ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const window = { time: 'e.at', matching: matches(declared, writer), ms: declared.within };
    const value = plain(`avg(${numberIn(declared.mean, writer)}) filter (where ${inside(window, writer)})`);
    return { from: 'events', kinds: [declared.events], value, windows: [window], reachMs: declared.within };
  },
  words: (declared) => `mean ${declared.mean.replaceAll('_', ' ')} of ${inWords(declared)} in ${spoken(declared.within)}`,
});
